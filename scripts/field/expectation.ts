/** What a field report must show: a sentence with its figures, and whether they bear it out. */
import type { ScenarioSummary, StrategySummary, Summary } from '../../harness/contract/summary.ts';

export interface Expectation {
  readonly says: string;
  readonly holds: boolean;
  /** The figures that decided. */
  readonly seen: string;
}

export interface FieldReport {
  /** Matrix below `examples/field/`, without its ending. */
  readonly id: string;
  expectations(summary: Summary): readonly Expectation[];
}

export function expectation(says: string, holds: boolean, seen: string): Expectation {
  return { says, holds, seen };
}

/** A strategy of the run. @param scenarioId Left out: the only scenario. */
export function strategyOf({ scenarios }: Summary, label: string, scenarioId?: string): StrategySummary {
  const scenario =
    scenarioId === undefined ? onlyOne(scenarios) : scenarios.find(({ id }) => id === scenarioId);
  const found = scenario?.strategies.find((strategy) => strategy.label === label);
  if (found === undefined) throw new Error(`No strategy "${label}" in scenario "${scenarioId ?? 'main'}"`);
  return found;
}

function onlyOne(scenarios: readonly ScenarioSummary[]): ScenarioSummary {
  if (scenarios.length === 1) return scenarios[0];
  throw new Error(`There are ${scenarios.length} scenarios; one must be named`);
}

/** First attempts that died of the idle close. */
export function races({ deaths }: StrategySummary): number {
  return deaths['idle-race'] ?? 0;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** For example `37 of 1,204 requests failed (3.1 %)`. */
export function failures({ requests }: StrategySummary): string {
  const { failed, started } = requests;
  return `${failed} of ${started.toLocaleString('en')} failed (${percent(started === 0 ? 0 : failed / started)})`;
}

/** Every conservation law of every trial: the first expectation of each report. */
export function booksBalance({ scenarios }: Summary): Expectation {
  const laws = scenarios.flatMap(({ strategies }) =>
    strategies.flatMap(({ trials }) => trials.flatMap((trial) => trial.laws)),
  );
  const broken = laws.filter(({ left, right }) => left !== right);
  const first = broken[0];
  return expectation(
    'The books balance.',
    laws.length > 0 && broken.length === 0,
    first === undefined
      ? `${laws.length} laws hold`
      : `${broken.length} of ${laws.length} are broken, first: ${first.law} (${first.left} ≠ ${first.right})`,
  );
}
