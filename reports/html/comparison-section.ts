/** Every figure of every strategy side by side; the interval is dimmed below its estimate. */
import { type ComparisonCell, comparisonTable, notReached } from '../comparison-table.ts';
import { notAvailable } from '../format.ts';
import { zeroNote } from '../rate-text.ts';
import { html, type Markup, nothing, prose } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';
import { section } from './section.ts';
import { verdictList } from './verdict-list.ts';

export function comparisonSection(view: ScenarioView): Markup {
  const { columns } = comparisonTable(view.scenario, view.reference);
  const heading = columns.map(({ heading, unit }) => {
    const words = unit.replace('/', ' per ').trimStart();
    return html`<th scope="col">${heading}<span class="unit">${words}</span></th>`;
  });
  const rows = view.rows.map(
    (row, index) =>
      html`<tr${index === 0 ? html` class="reference"` : nothing}><th scope="row">${strategyName(row)}</th>${columns.map(({ cells }) => cell(cells[index]))}</tr>\n`,
  );
  const table = html`<div class="scroll" role="region" aria-label="Comparison of the strategies" tabindex="0"><table class="figures">
<thead><tr><th scope="col">strategy</th>${heading}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
  const zeros = zeroNote(view.strategies);
  return section(
    view.headingLevel,
    'Comparison',
    `${view.reference} is the reference. Below each figure is its 95 % interval.`,
    html`${table}${zeros === null ? nothing : html`<p class="how zeros">${prose(zeros)}</p>`}${verdictList(view)}`,
  );
}

function cell({ text, small }: ComparisonCell): Markup {
  if (text === notAvailable || text === notReached) return html`<td class="missing">${text}</td>`;
  return html`<td>${text}${small === null ? nothing : html`<small>${small}</small>`}</td>`;
}
