/** Error rates with their intervals, and the rate that the timing model predicted as a mark. */
import type { RateEstimate } from '../../harness/contract/summary.ts';
import { figure, predictedShare, scaleFor } from '../format.ts';
import { hopSentences } from '../hop-text.ts';
import { rateText, zeroText } from '../rate-text.ts';
import { type IntervalPanel, intervalRows } from './charts/interval-rows.ts';
import { html, type Markup, nothing, prose } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';
import { chartInBothWidths, section } from './section.ts';

export function errorSection({ scenario, reference, strategies, rows, headingLevel }: ScenarioView): Markup {
  const share = (title: string, estimates: readonly RateEstimate[]) => {
    const scale = scaleFor(
      'share',
      estimates.map(({ estimate }) => estimate),
    );
    const texts = estimates.map(({ estimate, none }) =>
      none === null ? figure(estimate, scale) : zeroText(none),
    );
    const isAssumed = estimates.map(({ none }) => none !== null);
    return { title, scale, estimates, isAssumed, texts };
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
      ({ label, errorRate, raceRate, prediction }) =>
        `${label}: failed ${rateText(errorRate)}, raced ${rateText(raceRate)}, predicted ${predictedShare(prediction)}`,
    )
    .join('; ');
  return section(
    headingLevel,
    'Errors',
    'Dot: measured share of requests. Line: its 95 % interval; where nothing was seen, a dashed line up to the bound for independent events. Triangle: what the timing model predicted from plan, policy, and lags. A triangle within the line is consistent with the idle-timeout race; a wide line is also consistent with other causes.',
    html`${chartInBothWidths((layout) => intervalRows({ label: `Error rates. ${label}.`, rows, panels, layout }))}${hopList(hopSentences(scenario, reference))}`,
  );
}

/** Failures on the second hop: the chart above counts the client's hop only. */
function hopList(sentences: readonly string[]): Markup {
  if (sentences.length === 0) return nothing;
  const items = sentences.map((sentence) => html`<li>${prose(sentence)}</li>`);
  return html`<p>The chart counts failures on the client’s hop. The balancer’s log has those on the second hop:</p><ul>${items}</ul>`;
}
