/** The glossary at the end of the page: verdict words, columns, and what an interval means. */
import { type ComparisonTable, comparisonTable } from '../comparison-table.ts';
import { html, type Markup, nothing } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';

const words: readonly (readonly [string, string])[] = [
  [
    'better, worse',
    'The interval of the difference, paired within rounds, lies on one side of zero (of a ratio of 1), and reaches beyond the worthwhile difference.',
  ],
  [
    'slightly better, slightly worse',
    'There is a difference, but all of its interval is within the worthwhile difference: too little to decide by.',
  ],
  [
    'no difference seen (within ±x)',
    'The interval includes no difference, and anything larger than x would have shown.',
  ],
  ['undecided', 'The interval is too wide for any of these words; more rounds would narrow it.'],
  ['not available', 'The figure does not exist here, for the reason given.'],
  ['no verdict', 'The figure exists but cannot be compared, for the reason given.'],
  [
    'interval',
    'From the differences between rounds, not between requests. If the run were repeated many times, 95 % of such intervals would contain the true value. It does not predict the result of the next run.',
  ],
  [
    '0 of n',
    'Nothing failed in n requests. Fewer than 3/n would still fail if failures were independent; one stall can fail many at once, so the share of rounds with a failure has its own bound.',
  ],
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
<p class="how">${first?.scenario.config.traffic.kind === 'closed' ? 'Traffic is closed: each client sends its next request when the last one is done, so the number of requests depends on the strategy.' : 'Every strategy of a round ran the same load plan.'} Each trial runs in fresh processes. Figures cover the measured time only.</p></section>\n`;
}
