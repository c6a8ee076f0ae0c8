/** The declaration of `idlerace selftest`. */
import type { SelftestOptions } from '../selftest.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const selftest: CommandDeclaration<SelftestOptions> = {
  name: 'selftest',
  summary: 'check on this machine that the numbers are reliable',
  description:
    'Runs scenarios with known results through the whole harness and compares its figures with them: an exact number ' +
    'of injected faults, a stall of known length, known service times, the race law, the pace, and the records. ' +
    'Takes at most 90 seconds.\n\n' +
    'Ctrl-C ends it. Exit codes: 0 all checks passed, 2 usage, 4 a check failed or refused, 130 interrupted.',
  options: [
    ['--only <list>', 'checks to run, for example laws,pacing'],
    ['--client <kind>', 'run faults and laws with this client: an id, or a path such as ./my-driver'],
    ['--seed <n>', 'random seed', '1'],
    ['--json', 'print every finding as JSON and nothing else', false],
    ['--quiet', 'print only failed findings and the conclusion', false],
  ],
  run: async (host, options) => (await import('../selftest.ts')).selftestCommand(host, options),
};
