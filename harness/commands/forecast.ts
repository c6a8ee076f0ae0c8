/** The progress line of a run that ends when its verdicts are decided: which verdicts are open, and how many rounds are expected. */
import { verdictName } from '../../reports/stop-sentence.ts';
import type { OpenVerdict } from '../../results/open-verdicts.ts';
import { plannedLooks } from '../../results/statistics/planned-looks.ts';
import type { RunConfig } from '../contract/run-config.ts';

/** The look at which the last of the open verdicts is expected to be decided, in rounds. */
export function roundsExpected(open: readonly OpenVerdict[], done: number, roundsMax: number): number {
  if (open.length === 0) return done;
  const more = open.map(({ verdict }) => verdict.moreRounds ?? Number.POSITIVE_INFINITY);
  const needed = done + Math.max(1, ...more);
  return plannedLooks(roundsMax).find((look) => look >= needed) ?? roundsMax;
}

const namesMax = 2;

/** For example `open: evict p99, retry cpu +3 more`. */
export function openText(open: readonly OpenVerdict[], config: Pick<RunConfig, 'scenarios'>): string {
  const names = open.slice(0, namesMax).map((verdict) => verdictName(verdict, config));
  const others = open.length - names.length;
  return `open: ${names.join(', ')}${others === 0 ? '' : ` +${others} more`}`;
}
