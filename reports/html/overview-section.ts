/** For a sweep: the error rate of every strategy in every scenario, one table. */
import { bounds, figure, isKnown, scaleFor } from '../format.ts';
import { inferenceText } from '../inference-text.ts';
import { ofRequests } from '../rate-text.ts';
import { scenarioTitle } from '../scenario-title.ts';
import { html, type Markup, nothing, prose } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';
import { section } from './section.ts';

export function overviewSection(views: readonly ScenarioView[]): Markup {
  const rows = [
    ...new Map(views.flatMap((view) => view.rows.map((row) => [row.name, row] as const))).values(),
  ];
  const estimates = views.flatMap(({ strategies }) => strategies.map(({ errorRate }) => errorRate.estimate));
  const scale = scaleFor('share', estimates);
  const largest = Math.max(0, ...estimates.filter(isKnown)) || 1;
  const cell = (view: ScenarioView, name: string): Markup => {
    const strategy = view.strategies.find(({ label }) => label === name);
    if (strategy === undefined || !isKnown(strategy.errorRate.estimate)) {
      return html`<td class="missing">${strategy === undefined ? 'not run' : figure(null, scale)}</td>`;
    }
    const { estimate, none } = strategy.errorRate;
    const interval = none === null ? bounds(strategy.errorRate, scale) : ofRequests(none);
    // Half the strength of the colour for the largest rate: the figure stays readable on it.
    const strength = Math.round((estimate / largest) * 45);
    const text = estimate === 0 ? '0' : scale.number(estimate);
    return html`<td style="--heat:${strength}%">${text}${interval === null ? nothing : html`<small>${interval}</small>`}</td>`;
  };
  const body = views.map(
    (view) =>
      html`<tr><th scope="row"><a href="#${view.anchor}">${scenarioTitle(view.scenario)
        .split(' · ')
        .map(
          (axis) => html`<span>${axis}</span> `,
        )}</a></th>${rows.map(({ name }) => cell(view, name))}</tr>\n`,
  );
  const table = html`<div class="scroll" role="region" aria-label="Error rate by scenario and strategy" tabindex="0"><table class="figures overview">
<thead><tr><th scope="col">scenario</th>${rows.map((row) => html`<th scope="col">${strategyName(row)}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>`;
  return section(
    2,
    `Error rate, ${scale.unit}, in every scenario`,
    'Down a column: what the swept fields do to one strategy. Along a row: what the strategies do in one scenario. The stronger the tint, the more requests failed.',
    html`${table}<p class="how together">${prose(inferenceText(views.map(({ scenario }) => scenario)) ?? '')}</p>`,
  );
}
