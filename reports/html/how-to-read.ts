/** The glossary at the end of the page: verdict words, columns, and what an interval is here. */
import { type ComparisonTable, comparisonTable } from '../comparison-table.ts';
import { html, type Markup, nothing } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';

const words: readonly (readonly [string, string])[] = [
  ['better, worse', 'The 95 % interval of the paired difference lies wholly on one side of none.'],
  [
    'no difference seen (within ±x)',
    'The interval holds none, and is narrow enough to have shown anything larger than x.',
  ],
  ['not enough data', 'The interval is too wide to say either; about so many more rounds would tell.'],
  ['no verdict', 'The harness cannot vouch for the trials; the reason stands beside it.'],
  [
    'interval',
    'From the scatter between rounds, not between requests: it says what another run on this machine would show.',
  ],
  ['< x beside a zero', 'None failed out of n requests; 3/n is the rate that this cannot rule out.'],
  ['race', 'The server closes an idle connection while a request is on its way to it.'],
];

export function howToRead(views: readonly ScenarioView[]): Markup {
  const [first] = views;
  const columns: ComparisonTable['columns'] =
    first === undefined ? [] : comparisonTable(first.scenario, first.reference).columns;
  const entries = [...words, ...columns.map(({ heading, meaning }) => [heading, meaning] as const)];
  if (entries.length === 0) return nothing;
  return html`<section><h2>How to read this</h2>
<dl class="glossary">${entries.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>
<p class="how">Every strategy of a round ran the same load plan, in fresh processes, in an order shuffled by the seed. All figures count the measured time only.</p></section>\n`;
}
