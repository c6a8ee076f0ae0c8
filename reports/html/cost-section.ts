/** What each strategy costs the server: CPU, memory and connections. */
import type { Estimate, StrategySummary } from '../../harness/contract/summary.ts';
import { asEstimate } from '../comparison-table.ts';
import { figure, plain, type Quantity, scaleFor } from '../format.ts';
import { type IntervalPanel, intervalRows } from './charts/interval-rows.ts';
import type { Markup } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';
import { chartInBothWidths, section } from './section.ts';

export function costSection({ strategies, rows, headingLevel }: ScenarioView): Markup {
  const panel = (
    title: string,
    kind: Quantity,
    of: (strategy: StrategySummary) => Estimate | number | null,
  ): IntervalPanel => {
    const estimates = strategies.map((strategy) => asEstimate(of(strategy)));
    const values = estimates.map(({ estimate }) => estimate);
    const scale = scaleFor(kind, values);
    return { title, scale, estimates, texts: values.map((value) => figure(value, scale)) };
  };
  const panels = [
    panel('CPU per 1,000', 'cpuMs', ({ server }) => server.cpuMsPer1000Requests),
    panel('Memory, largest', 'bytes', ({ server }) => server.rssBytesMax),
    panel('Open at once, most', 'count', ({ server }) => server.connectionsOpenMax),
    panel('Opened per 1,000', 'count', ({ connections }) => connections.openedPer1000Requests),
  ];
  const label = strategies
    .map(
      ({ label, server, connections }) =>
        `${label}: CPU ${plain('cpuMs', server.cpuMsPer1000Requests.estimate)} per 1,000 answered requests, memory ${plain('bytes', server.rssBytesMax)}, connections open at once ${plain('count', server.connectionsOpenMax)}, opened per 1,000 answered requests ${plain('count', connections.openedPer1000Requests.estimate)}`,
    )
    .join('; ');
  return section(
    headingLevel,
    'Server cost',
    'Shorter is cheaper. CPU and memory are those of the target process; the last two columns count connections. CPU and connections opened are per 1,000 answered requests, so that failing requests does not look cheap.',
    chartInBothWidths((layout) => intervalRows({ label: `Server cost. ${label}.`, rows, panels, layout })),
  );
}
