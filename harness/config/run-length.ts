/** The length of a run as a whole: checks which of its fields go together, and completes them. */
import { nearest } from '../base/nearest.ts';
import type { RunConfig } from '../contract/run-config.ts';
import type { Matrix } from './matrix-schema.ts';
import { maxRoundsDefault, roundsDefault } from './run-length-fields.ts';
import type { Problem } from './source.ts';

export function completeLength({
  rounds,
  until,
  maxTime,
  maxRounds,
}: Matrix): Pick<RunConfig, 'rounds' | 'until'> {
  if (until === undefined && rounds !== 'auto') return { rounds: rounds ?? roundsDefault, until: null };
  return {
    rounds: maxRounds ?? maxRoundsDefault,
    until: { goal: until ?? { kind: 'decided' }, timeMsMax: maxTime ?? null },
  };
}

/** @param labels Of the strategies, in the order of the matrix. */
export function lengthProblems(matrix: Matrix, labels: readonly string[]): Problem[] {
  const { rounds, until, maxTime, maxRounds } = matrix;
  const isAuto = rounds === 'auto' || (rounds === undefined && until !== undefined);
  if (isAuto) return goalProblems(matrix, labels);
  const says = (field: string) =>
    `rounds: ${rounds ?? roundsDefault} fixes the length of the run; write rounds: auto, or leave ${field} out`;
  return Object.entries({ until, maxTime, maxRounds })
    .filter(([, value]) => value !== undefined)
    .map(([field]) => ({ path: [field], says: says(field) }));
}

function goalProblems({ until: goal, reference, traffic }: Matrix, labels: readonly string[]): Problem[] {
  const path = [goal === undefined ? 'rounds' : 'until'];
  if (labels.length < 2)
    return [{ path, says: 'a run of one strategy has no verdicts; expected two or more strategies' }];
  if (goal?.kind !== 'width') return [];
  const { strategy, metric } = goal;
  const problems: Problem[] = [];
  if (!labels.includes(strategy)) {
    const guess = nearest(strategy, labels);
    const hint = guess === null ? `expected one of: ${labels.join(', ')}` : `did you mean "${guess}"?`;
    problems.push({ path, says: `there is no strategy "${strategy}"; ${hint}` });
  }
  if (strategy === (reference ?? labels[0])) {
    problems.push({ path, says: `"${strategy}" is the reference; name a strategy that is compared with it` });
  }
  if (metric === 'throughput' && traffic.kind !== 'closed') {
    problems.push({
      path,
      says: `throughput is compared only with closed traffic; the traffic is ${traffic.kind}`,
    });
  }
  return problems;
}
