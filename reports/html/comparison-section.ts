/** Every figure of every strategy side by side; the interval stands dimmed below its estimate. */
import { type ComparisonCell, comparisonTable } from '../comparison-table.ts';
import { notAvailable } from '../format.ts';
import { html, type Markup, nothing } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';
import { section } from './section.ts';
import { verdictList } from './verdict-list.ts';

export function comparisonSection(view: ScenarioView): Markup {
  const { columns } = comparisonTable(view.scenario, view.reference);
  const heading = columns.map(
    ({ heading, unit }) =>
      html`<th scope="col">${heading}<span class="unit">${unit.replace('/', unit.startsWith('/') ? 'per ' : ' per ')}</span></th>`,
  );
  const rows = view.rows.map(
    (row, index) =>
      html`<tr${index === 0 ? html` class="reference"` : nothing}><th scope="row">${strategyName(row)}</th>${columns.map(({ cells }) => cell(cells[index]))}</tr>\n`,
  );
  const table = html`<div class="scroll" role="region" aria-label="Comparison of the strategies" tabindex="0"><table class="figures">
<thead><tr><th scope="col">strategy</th>${heading}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
  return section(
    view.headingLevel,
    'Comparison',
    `${view.reference} is the reference. Below each figure stands its 95 % interval; where nothing failed, the bound that the number of requests allows.`,
    html`${table}${verdictList(view)}`,
  );
}

function cell({ text, interval }: ComparisonCell): Markup {
  if (text === notAvailable) return html`<td class="missing">${text}</td>`;
  return html`<td>${text}${interval === null ? nothing : html`<small>${interval}</small>`}</td>`;
}
