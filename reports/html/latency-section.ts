/** Response time by percentile, one curve per strategy. */
import { plain } from '../format.ts';
import { percentileCurve } from './charts/percentile-curve.ts';
import { html, type Markup } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';
import { chartInBothWidths, section } from './section.ts';

export function latencySection({ strategies, rows, headingLevel }: ScenarioView): Markup {
  const label = strategies
    .map(({ label, responseTimeMs: { p50, p99, max } }) => {
      const [half, most, all] = [p50.estimate, p99.estimate, max].map((ms) => plain('durationMs', ms));
      return `${label}: p50 ${half}, p99 ${most}, largest ${all}`;
    })
    .join('; ');
  const curves = strategies.map(({ responseTimeCurve }) => responseTimeCurve);
  const howToRead =
    'From left to right, from the fastest to the slowest answer, each nine as wide as the one before; lower is better. A step is where requests begin to wait for a new connection.';
  if (curves.every(({ length }) => length === 0)) {
    return section(headingLevel, 'Latency', howToRead, html`<p>No request was answered.</p>`);
  }
  return section(
    headingLevel,
    'Latency',
    howToRead,
    chartInBothWidths((layout) =>
      percentileCurve({ label: `Response time by percentile. ${label}.`, rows, curves, layout }),
    ),
  );
}
