/** What each strategy changes against the reference, as one sentence each with its verdict words marked. */
import { verdictClauses } from '../verdict-sentences.ts';
import { html, type Markup, prose } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';

export function verdictList({ strategies, rows }: ScenarioView): Markup {
  const items = strategies.flatMap(({ versusReference }, row) => {
    if (versusReference === null) return [];
    const clauses = verdictClauses(versusReference).map(
      ({ word, wordText, text }, index) =>
        html`${index === 0 ? '' : '; '}<b class="${word}">${wordText}</b>${prose(text)}`,
    );
    return [html`<li>${strategyName(rows[row])}<p>${clauses}.</p></li>`];
  });
  return html`<ul class="verdicts">${items}</ul>`;
}
