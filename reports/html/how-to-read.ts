/** The glossary at the end of the page: verdict words, columns, and what an interval means. */
import { type ComparisonTable, comparisonTable } from '../comparison-table.ts';
import { html, type Markup, nothing } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';

const words: readonly (readonly [string, string])[] = [
  [
    'better, worse',
    'The interval of the paired difference does not include zero (or a ratio of 1), and it reaches beyond the worthwhile difference.',
  ],
  [
    'slightly better, slightly worse',
    'The interval does not include zero, but all of it is below the worthwhile difference. The difference is too small to decide by.',
  ],
  [
    'no difference seen (within ±x)',
    'The interval includes zero, and all of it is within ±x, which is at most the worthwhile difference.',
  ],
  ['undecided', 'The interval is too wide for any of these words. More rounds would narrow it.'],
  ['not available', 'The run has no such figure, for the reason given.'],
  ['no verdict', 'The figure exists but cannot be compared, for the reason given.'],
  [
    'interval',
    'Computed from the differences between rounds, not between requests. If the run were repeated many times, 95 % of such intervals would contain the true value. It does not predict the result of the next run.',
  ],
  [
    '0 of n',
    'None of n requests failed. If failures are independent, the true rate is below 3/n (95 % confidence). One stall can fail many requests at once, so a second bound is given for the share of rounds with a failure.',
  ],
  ['race', 'The server closes an idle connection while a request is on its way.'],
];

export function howToRead(views: readonly ScenarioView[]): Markup {
  const [first] = views;
  const columns: ComparisonTable['columns'] =
    first === undefined ? [] : comparisonTable(first.scenario, first.reference).columns;
  const entries = [...words, ...columns.map(({ heading, meaning }) => [heading, meaning] as const)];
  if (entries.length === 0) return nothing;
  return html`<section><h2>How to read this</h2>
<dl class="glossary">${entries.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>
<p class="how">${first?.scenario.config.traffic.kind === 'closed' ? 'Traffic is closed: each client sends its next request when the one before it is done, so the number of requests depends on the strategy.' : 'Every strategy of a round ran the same load plan.'} Each trial runs in fresh processes. Figures cover the measured time only.</p></section>\n`;
}
