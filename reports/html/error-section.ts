/** Error rates with their intervals, and the rate that the law predicted as a mark. */
import { figure, predictedShare, scaleFor, shareWithInterval, zeroBound } from '../format.ts';
import { hopSentences } from '../hop-text.ts';
import { type IntervalPanel, intervalRows } from './charts/interval-rows.ts';
import { html, type Markup, nothing, prose } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';
import { chartInBothWidths, section } from './section.ts';

export function errorSection({ scenario, reference, strategies, rows, headingLevel }: ScenarioView): Markup {
  const share = (title: string, estimates: IntervalPanel['estimates']) => {
    const scale = scaleFor(
      'share',
      estimates.map(({ estimate }) => estimate),
    );
    const texts = estimates.map(({ estimate }, row) =>
      estimate === 0 ? `0 (${zeroBound(strategies[row].requests.started)})` : figure(estimate, scale),
    );
    return { title, scale, estimates, texts };
  };
  const raced = share(
    'First attempts that raced',
    strategies.map(({ raceRate }) => raceRate),
  );
  const marks = strategies.map(({ prediction }) => prediction.raceProbability);
  const panels: IntervalPanel[] = [
    share(
      'Requests that failed',
      strategies.map(({ errorRate }) => errorRate),
    ),
    {
      ...raced,
      texts: raced.texts.map((text, row) => {
        const { prediction } = strategies[row];
        if (prediction.raceProbability === null) return text;
        // The heading has the unit.
        return `${text}, predicted ${predictedShare(prediction).replaceAll(' %', '')}`;
      }),
      marks,
    },
  ];
  const label = strategies
    .map(
      ({ label, errorRate, raceRate, prediction, requests }) =>
        `${label}: failed ${shareWithInterval(errorRate, requests.started)}, raced ${shareWithInterval(raceRate, requests.started)}, predicted ${predictedShare(prediction)}`,
    )
    .join('; ');
  return section(
    headingLevel,
    'Errors',
    'Dot: measured share of requests; line: its 95 % interval; triangle: what the law predicted from plan, policy and lags. A triangle within the line is consistent with the race as the cause.',
    html`${chartInBothWidths((layout) => intervalRows({ label: `Error rates. ${label}.`, rows, panels, layout }))}${hopList(hopSentences(scenario, reference))}`,
  );
}

/** Which hop the failures are of: the chart above knows the client's own alone. */
function hopList(sentences: readonly string[]): Markup {
  if (sentences.length === 0) return nothing;
  const items = sentences.map((sentence) => html`<li>${prose(sentence)}</li>`);
  return html`<p>The chart counts what the client saw on its own hop. On the second hop, by the balancer’s own books:</p><ul>${items}</ul>`;
}
