/** The declaration of `idlerace run`. */
import type { RunOptions } from '../run.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const run: CommandDeclaration<RunOptions> = {
  name: 'run',
  summary: 'run a matrix: every strategy under identical load',
  description:
    'Runs every strategy of the matrix in every scenario and round, each trial in fresh processes under the ' +
    'same load plan. Then writes summary, CSV, Markdown, and HTML, and prints the comparison.\n\n' +
    'Ctrl-C keeps every finished trial. Exit codes: 0 success, 2 usage or matrix, 3 target failed, 130 interrupted.',
  argument: ['[file]', 'matrix file, YAML or JSON', 'matrix.yaml'],
  options: [
    ['--out <dir>', 'folder for runs; each run gets a subfolder', 'results/runs'],
    ['--seed <n>', 'random seed; the same seed gives the same load'],
    ['--rounds <n>', 'number of rounds; auto: as many as the verdicts need'],
    ['--until <goal>', 'goal that ends the run: decided, or a width such as "errorRate(evict) ±0.1 %"'],
    ['--max-time <d>', 'longest time for all trials, with --until or --rounds auto, for example 3m'],
    ['--max-rounds <n>', 'largest number of rounds, with --until or --rounds auto (default 40)'],
    ['--repeat-unhealthy <n>', 'how many times to repeat a trial that the machine disturbed (default 2)'],
    ['--generators <n>', 'number of processes that send the load'],
    ['--duration <d>', 'measured time of each trial, for example 5s'],
    [
      '--strategies <list>',
      'strategies to run instead of those in the matrix: "reuse,evict+retry,./mine.ts"',
    ],
    ['--only <scenario>', 'one scenario of the matrix, by its id'],
    [
      '--capture',
      'save a packet capture of each trial (needs tcpdump) and check the results against it',
      false,
    ],
    ['--dry-run', 'check everything and print what would run, without running it', false],
    ['--json', 'print the summary as JSON and nothing else', false],
    ['--quiet', 'print the paths written and nothing else', false],
  ],
  run: async (host, options, file) => (await import('../run.ts')).runCommand(host, file, options),
};
