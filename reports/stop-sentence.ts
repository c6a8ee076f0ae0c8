/** What ended a run whose number of rounds was not fixed, in one sentence. */
import { formatDuration } from '../harness/base/units.ts';
import { metricNames, type RunConfig, type UntilConfig } from '../harness/contract/run-config.ts';
import {
  type ComparedMetric,
  comparedMetrics,
  type Summary,
  type Verdict,
  type VerdictKey,
} from '../harness/contract/summary.ts';

/** Empty for a fixed number of rounds. For example `These verdicts were not decided within 3m: evict p99, retry cpu.` */
export function stopSentence(summary: Summary): string {
  const { run, scenarios } = summary;
  const { until } = run.config;
  if (until === null) return '';
  const rounds = Math.max(0, ...scenarios.map(({ planFingerprints }) => planFingerprints.length));
  const isWidth = until.goal.kind === 'width';
  const missed = isWidth ? `${goalText(until)} was not reached` : 'These verdicts were not decided';
  const open = isWidth ? listWidths(summary) : listOpen(run.stopped.open, run.config);
  switch (run.stopped.reason) {
    case 'decided':
      return decidedSentence(summary, until, rounds);
    case 'time':
      return `${missed} within ${formatDuration(until.timeMsMax ?? 0)}: ${open}.`;
    case 'rounds-max':
    case 'rounds':
      return `${missed} after ${rounds} rounds: ${open}.`;
    case 'interrupted':
      return `The run was interrupted before ${isWidth ? 'the goal was reached' : 'every verdict was decided'}${open === '' ? '' : `; still open: ${open}`}.`;
  }
}

/** A run also ends where more rounds cannot help; what has no verdict then was neither decided nor reached. */
function decidedSentence(summary: Summary, until: UntilConfig, rounds: number): string {
  const { goal } = until;
  const without = verdictsOf(summary).filter(({ strategy, metric, word }) =>
    goal.kind === 'decided'
      ? word === 'no-verdict'
      : strategy === goal.strategy &&
        metric === goal.metric &&
        (word === 'no-verdict' || word === 'not-available'),
  );
  if (without.length === 0) {
    return `${goal.kind === 'width' ? `${goalText(until)} was reached` : 'Every verdict was decided'} after ${rounds} rounds.`;
  }
  const ended = `Ended after ${rounds} rounds without a verdict on`;
  const [reason] = without[0].reasons;
  if (goal.kind === 'width') return `${ended} ${listOpen(without, summary.run.config)}: ${reason}.`;
  const places = without.map(({ scenario, strategy }) =>
    summary.scenarios.length === 1 ? strategy : `${scenario} ${strategy}`,
  );
  return `${ended} ${[...new Set(places)].join(', ')}: ${reason}. Every other verdict is decided.`;
}

function verdictsOf({ scenarios }: Summary): (VerdictKey & Verdict)[] {
  return scenarios.flatMap(({ id: scenario, strategies }) =>
    strategies.flatMap(({ label: strategy, versusReference }) =>
      versusReference === null
        ? []
        : comparedMetrics.map((metric) => ({ scenario, strategy, metric, ...versusReference[metric] })),
    ),
  );
}

/** How wide the intervals still are that have to be narrower: `the interval reaches ±1.1 %`. */
function listWidths(summary: Summary): string {
  const { open } = summary.run.stopped;
  const widths = verdictsOf(summary)
    .filter((verdict) => open.some((key) => isSame(key, verdict)))
    .map(({ scenario, effect: { estimate, low, high } }) => {
      const place = summary.scenarios.length === 1 ? '' : ` in ${scenario}`;
      if (estimate === null || low === null || high === null) return `there is no interval yet${place}`;
      const percent = Number((Math.max(estimate - low, high - estimate) * 100).toPrecision(2));
      return `the interval reaches ±${percent} %${place}`;
    });
  return widths.join(', ');
}

function isSame(a: VerdictKey, b: VerdictKey): boolean {
  return a.scenario === b.scenario && a.strategy === b.strategy && a.metric === b.metric;
}

/** As a matrix file writes its parts: `evict p99`, with the scenario before it where there are several. */
export function verdictName(
  { scenario, strategy, metric }: VerdictKey,
  { scenarios }: Pick<RunConfig, 'scenarios'>,
): string {
  const name = `${strategy} ${figureName(metric)}`;
  return scenarios.length === 1 ? name : `${scenario} ${name}`;
}

/** As a matrix file writes it. */
export function goalText({ goal }: UntilConfig): string {
  if (goal.kind === 'decided') return 'decided';
  const percent = Number((goal.halfWidth * 100).toPrecision(6));
  return `${figureName(goal.metric)}(${goal.strategy}) ±${percent} %`;
}

function figureName(metric: ComparedMetric): string {
  return Object.entries(metricNames).find(([, known]) => known === metric)?.[0] ?? metric;
}

const listedMax = 6;

function listOpen(open: readonly VerdictKey[], config: RunConfig): string {
  const names = open.slice(0, listedMax).map((key) => verdictName(key, config));
  const others = open.length - names.length;
  return `${names.join(', ')}${others === 0 ? '' : `, and ${others} more`}`;
}
