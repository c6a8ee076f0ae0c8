/** What ended a run whose number of rounds was not fixed, in one sentence. */
import { formatDuration } from '../harness/base/units.ts';
import { metricNames, type RunConfig, type UntilConfig } from '../harness/contract/run-config.ts';
import type { ComparedMetric, Summary, VerdictKey } from '../harness/contract/summary.ts';

/** Empty for a fixed number of rounds. For example `These verdicts were not decided within 3m: evict p99, retry cpu.` */
export function stopSentence({ run, scenarios }: Summary): string {
  const { until } = run.config;
  if (until === null) return '';
  const rounds = Math.max(0, ...scenarios.map(({ planFingerprints }) => planFingerprints.length));
  const open = listOpen(run.stopped.open, run.config);
  const isWidth = until.goal.kind === 'width';
  const missed = `These verdicts were ${isWidth ? 'not precise enough' : 'not decided'}`;
  switch (run.stopped.reason) {
    case 'decided':
      return `${isWidth ? `${goalText(until)} was reached` : 'Every verdict was decided'} after ${rounds} rounds.`;
    case 'time':
      return `${missed} within ${formatDuration(until.timeMsMax ?? 0)}: ${open}.`;
    case 'rounds-max':
    case 'rounds':
      return `${missed} after ${rounds} rounds: ${open}.`;
    case 'interrupted':
      return `The run was interrupted before ${isWidth ? 'the goal was reached' : 'every verdict was decided'}${open === '' ? '' : `; still open: ${open}`}.`;
  }
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
