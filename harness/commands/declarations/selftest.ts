/** `idlerace selftest`, declared. */
import type { SelftestOptions } from '../selftest.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const selftest: CommandDeclaration<SelftestOptions> = {
  name: 'selftest',
  summary: 'check on this machine that the numbers are reliable',
  description:
    'Puts known truths through the whole harness and holds what it says against them: faults injected in exact ' +
    'number, a stall of known length, known service times, the law of the race, the pace, the books. At most 90 s.\n\n' +
    'Ctrl-C ends it. Exit codes: 0 everything held, 2 usage, 4 a check failed or refused, 130 interrupted.',
  options: [
    ['--only <list>', 'some checks only, for example laws,pacing'],
    ['--client <kind>', 'faults and laws through this client instead: an id, or a path such as ./my-driver'],
    ['--seed <n>', 'seed of everything drawn', '1'],
    ['--json', 'print every finding as JSON and nothing else', false],
    ['--quiet', 'print what did not hold and the last sentence', false],
  ],
  run: async (host, options) => (await import('../selftest.ts')).selftestCommand(host, options),
};
