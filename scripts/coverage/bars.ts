/**
 * The bars that the simulation must meet, and the worlds that are known to miss one. Every exception is printed with its
 * reason and listed in `docs/method.md`. An exception that is no longer needed fails the command too.
 */
import type { ComparedMetric } from '../../harness/contract/summary.ts';
import { figures, type WorldTally } from './tally.ts';

/** `table`: intervals of one strategy. `together`: all intervals of a comparison. `words`: any wrong word. */
type Bar = 'table' | 'together' | 'words' | 'power';

export interface Missed {
  readonly bar: Bar;
  readonly world: string;
  readonly rounds: number | 'auto';
  readonly figure: ComparedMetric | null;
  readonly share: number;
  readonly expected: string;
}

export interface Exception {
  readonly bar: Bar;
  readonly world: string;
  readonly rounds: readonly (number | 'auto')[];
  readonly figures: readonly ComparedMetric[] | null;
  readonly reason: string;
}

export function missedBars(tally: WorldTally): Missed[] {
  const { world, rounds, runs } = tally;
  const missed: Missed[] = [];
  const check = (
    bar: Bar,
    figure: ComparedMetric | null,
    share: number,
    least: number,
    most: number,
    expected: string,
  ) => {
    if (share < least || share > most) {
      missed.push({ bar, world: world.name, rounds, figure, share, expected });
    }
  };
  for (const metric of figures) {
    const { table, differences, found } = tally.of(metric);
    if (table.intervals > 0) {
      const [least, most] = world.name === 'calm' ? [0.93, 0.97] : [0.9, 1];
      check('table', metric, table.share, least, most, `${least * 100}–${most * 100} %`);
    }
    if (world.name === 'differences' && rounds !== 3 && differences > 0) {
      check('power', metric, found / differences, 0.8, 1, 'at least 80 % found');
    }
  }
  check('together', null, tally.allHold / runs, 0.94, 1, 'at least 94 %');
  check('words', null, tally.anyWrong / runs, 0, 0.06, 'at most 6 %');
  return missed;
}

export function exceptionOf(missed: Missed, exceptions: readonly Exception[]): Exception | null {
  const isFor = ({ bar, world, rounds, figures: of }: Exception) =>
    bar === missed.bar &&
    world === missed.world &&
    rounds.includes(missed.rounds) &&
    (of === null || (missed.figure !== null && of.includes(missed.figure)));
  return exceptions.find(isFor) ?? null;
}
