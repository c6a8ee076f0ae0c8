/** How each strategy compares with the reference, as one sentence each with its verdict words marked. */
import { inferenceText } from '../inference-text.ts';
import { scenarioVerdicts } from '../verdict-sentences.ts';
import { html, type Markup, nothing, prose } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';

export function verdictList({ scenario, reference, rows }: ScenarioView): Markup {
  const items = scenarioVerdicts(scenario, reference).map(({ strategy, clauses }) => {
    const row = rows.find(({ name }) => name === strategy.label);
    const sentence = clauses.map(
      ({ word, wordText, text }, index) =>
        html`${index === 0 ? '' : '; '}<b class="${word}">${wordText}</b>${prose(text)}`,
    );
    return html`<li>${row === undefined ? strategy.label : strategyName(row)}<p>${sentence}.</p></li>`;
  });
  const together = inferenceText([scenario]);
  return html`<ul class="verdicts">${items}</ul>${together === null ? nothing : html`<p class="how together">${prose(together)}</p>`}`;
}
