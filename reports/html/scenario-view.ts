/** A scenario as the sections see it: strategies reference first, each with its place in the run. */
import type { ScenarioSummary, StrategySummary, Summary } from '../../harness/contract/summary.ts';
import { referenceFirst } from '../comparison-table.ts';
import type { ChartRow } from './charts/chart-row.ts';
import { html, type Markup } from './markup.ts';
import { strategyVariable } from './palette.ts';

export interface ScenarioView {
  readonly scenario: ScenarioSummary;
  readonly reference: string;
  readonly strategies: readonly StrategySummary[];
  /** In the order of `strategies`. */
  readonly rows: readonly ChartRow[];
  /** Where the overview links to. */
  readonly anchor: string;
  readonly headingLevel: 2 | 3;
}

export function scenarioViews({ scenarios, run }: Summary): ScenarioView[] {
  const { reference } = run.config;
  const labels = [
    ...new Set(
      scenarios.flatMap(({ strategies }) => referenceFirst(strategies, reference).map(({ label }) => label)),
    ),
  ];
  return scenarios.map((scenario, index) => {
    const strategies = referenceFirst(scenario.strategies, reference);
    return {
      scenario,
      reference,
      strategies,
      rows: strategies.map(({ label }) => ({ name: label, position: labels.indexOf(label) })),
      anchor: `scenario-${index}`,
      headingLevel: scenarios.length === 1 ? 2 : 3,
    };
  });
}

/** The strategy's name with its colour before it. */
export function strategyName({ name, position }: ChartRow): Markup {
  // Names of ordinary length are kept whole; a path may break anywhere.
  return html`<span class="strategy${name.length > 20 ? ' long' : ''}"><span class="dot" style="background:${strategyVariable(position)}"></span>${name}</span>`;
}
