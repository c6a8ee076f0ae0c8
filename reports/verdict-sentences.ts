/**
 * Verdicts as sentences for people: what each strategy changes against the reference, in the closed
 * vocabulary better / worse / no difference seen / not enough data / no verdict. It words what the
 * summary decided and decides nothing itself.
 */
import {
  type ComparedMetric,
  comparedMetrics,
  type ScenarioSummary,
  type StrategySummary,
  type Summary,
  type Verdict,
  type VerdictWord,
} from '../harness/contract/summary.ts';
import {
  isKnown,
  listed,
  plain,
  predictedShare,
  quantity,
  type Scale,
  scaleFor,
  shareWithInterval,
} from './format.ts';
import { deathsText } from './hop-text.ts';
import { scenarioTitle } from './scenario-title.ts';

const metricNames: Readonly<Record<ComparedMetric, string>> = {
  errorRate: 'error rate',
  responseTimeP50: 'p50',
  responseTimeP99: 'p99',
  cpuPer1000Requests: 'CPU per 1,000 requests',
  connectionsOpened: 'connections opened',
};

const wordOrder: readonly VerdictWord[] = [
  'better',
  'worse',
  'no-difference',
  'not-enough-data',
  'no-verdict',
];

const wordTexts: Readonly<Record<VerdictWord, { readonly text: string; readonly joint: string }>> = {
  better: { text: 'better', joint: ' in ' },
  worse: { text: 'worse', joint: ' in ' },
  'no-difference': { text: 'no difference seen', joint: ' in ' },
  'not-enough-data': { text: 'not enough data', joint: ' for ' },
  'no-verdict': { text: 'no verdict', joint: ': ' },
};

/** One verdict word and everything of one strategy that it is said of. */
export interface VerdictClause {
  readonly word: VerdictWord;
  /** The word as it is printed. */
  readonly wordText: string;
  /** What follows it, a leading space or colon included. */
  readonly text: string;
}

export function verdictClauses(versus: NonNullable<StrategySummary['versusReference']>): VerdictClause[] {
  return wordOrder.flatMap((word) => {
    const metrics = comparedMetrics.filter((metric) => versus[metric].word === word);
    if (metrics.length === 0) return [];
    const text =
      word === 'no-verdict'
        ? noVerdictText(metrics, versus)
        : listed(metrics.map((metric) => metricText(metric, versus[metric])));
    return [{ word, wordText: wordTexts[word].text, text: `${wordTexts[word].joint}${text}` }];
  });
}

/** For example `evict: better in error rate (2.9 points lower, 2.5 to 3.4); no difference seen in p99 (within ±4 %).` */
export function verdictSentence({ label, versusReference }: StrategySummary): string | null {
  if (versusReference === null) return null;
  const clauses = verdictClauses(versusReference).map(({ wordText, text }) => `${wordText}${text}`);
  return `${label}: ${clauses.join('; ')}.`;
}

function noVerdictText(
  metrics: readonly ComparedMetric[],
  versus: Readonly<Record<ComparedMetric, Verdict>>,
): string {
  const reasons = [...new Set(metrics.flatMap((metric) => versus[metric].reasons))];
  const about =
    metrics.length === comparedMetrics.length ? '' : `${listed(metrics.map((m) => metricNames[m]))}, `;
  return `${about}${reasons.length === 0 ? 'no reason was recorded' : reasons.join('; ')}`;
}

function metricText(metric: ComparedMetric, verdict: Verdict): string {
  const name = metricNames[metric];
  switch (verdict.word) {
    case 'better':
    case 'worse':
      return `${name} (${effectText(verdict)})`;
    case 'no-difference':
      return `${name} (within ±${withinText(verdict)})`;
    case 'not-enough-data': {
      const { moreRounds } = verdict;
      if (moreRounds === null) return name;
      return `${name} (run about ${moreRounds} more round${moreRounds === 1 ? '' : 's'})`;
    }
    case 'no-verdict':
      return name;
  }
}

/** Size and direction: `2.9 points lower, 2.5 to 3.4`, `18 % higher, 11 % to 26 %`, `3.1 times as high, 2.9 to 3.3`. */
function effectText({ scale, effect: { estimate, low, high } }: Verdict): string {
  if (!isKnown(estimate)) return '';
  const neutral = scale === 'ratio' ? 1 : 0;
  const direction = estimate < neutral ? 'lower' : 'higher';
  const interval = isKnown(low) && isKnown(high) ? [low, high] : [];
  if (scale === 'ratio' && estimate >= 2) {
    const times = scaleFor('count', [estimate]);
    const between = interval.map(times.number).join(' to ');
    return `${times.number(estimate)} times as high${between === '' ? '' : `, ${between}`}`;
  }
  const sizes = interval.map((bound) => Math.abs(bound - neutral)).sort((a, b) => a - b);
  const size = Math.abs(estimate - neutral);
  const of = scaleFor('share', [size]);
  if (scale === 'difference') {
    const between = sizes.map(of.number).join(' to ');
    return `${of.number(size)} points ${direction}${between === '' ? '' : `, ${between}`}`;
  }
  const rounded = wholePercent(size);
  const between = sizes.map((bound) => quantity(bound, rounded)).join(' to ');
  return `${quantity(size, rounded)} ${direction}${between === '' ? '' : `, ${between}`}`;
}

/** The largest difference that the interval still allows. */
function withinText({ scale, effect: { low, high } }: Verdict): string {
  if (!isKnown(low) || !isKnown(high)) return ' an unknown amount';
  const neutral = scale === 'ratio' ? 1 : 0;
  const size = Math.max(Math.abs(low - neutral), Math.abs(high - neutral));
  if (scale === 'difference') return `${scaleFor('share', [size]).number(size)} points`;
  return quantity(size, wholePercent(size));
}

/** Ratios of noisy costs deserve no decimals, unless they are small. */
function wholePercent(size: number): Scale {
  return size < 0.02
    ? scaleFor('share', [size])
    : { unit: '%', size: 0.01, number: (value) => (value * 100).toFixed(0) };
}

/** What happens under the reference strategy, and which strategies do away with it. */
export function scenarioFindings(scenario: ScenarioSummary, reference: string): string[] {
  const strategy = scenario.strategies.find(({ label }) => label === reference);
  if (strategy === undefined) return [`The reference ${reference} was not run.`];
  const better = scenario.strategies.filter((one) => one.versusReference?.errorRate.word === 'better');
  const isFine = (word: Verdict['word'] | undefined) => word === 'better' || word === 'no-difference';
  const free = better.filter((one) => comparedMetrics.every((m) => isFine(one.versusReference?.[m].word)));
  const worse = better.filter((one) =>
    comparedMetrics.some((m) => one.versusReference?.[m].word === 'worse'),
  );
  const sentences = [raceFinding(strategy), ...otherFailures(strategy)];
  if (better.length > 0) {
    sentences.push(`Better error rate than ${reference}: ${listed(better.map(({ label }) => label))}.`);
    if (worse.length === better.length) sentences.push('Each of them is worse in at least one other figure.');
    if (free.length > 0) {
      sentences.push(`And no worse in any other figure: ${listed(free.map(({ label }) => label))}.`);
    }
  }
  return sentences;
}

/** Requests that failed of anything but the race: what, and how many. */
function otherFailures({ label, outcomes, requests }: StrategySummary): string[] {
  const others = Object.entries(outcomes).filter(
    ([outcome, count]) => outcome !== 'ok' && outcome !== 'idle-race' && count > 0,
  );
  const failed = others.reduce((sum, [, count]) => sum + count, 0);
  if (failed === 0) return [];
  const kinds = others
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${plain('count', count)} ${outcome}`);
  return [
    `${plain('count', failed)} of ${plain('count', requests.started)} requests of ${label} failed of something else: ${listed(kinds)}.`,
  ];
}

function raceFinding({ label, raceRate, requests, hop, prediction }: StrategySummary): string {
  if (!isKnown(raceRate.estimate))
    return `${label} has no healthy trial, so nothing can be compared with it.`;
  const law = isKnown(prediction.raceProbability) ? `; the law predicted ${predictedShare(prediction)}` : '';
  const where = hop === null ? '' : ' on the client’s hop';
  const behind = hop === null ? '' : `; ${deathsText(hop)}`;
  if (raceRate.estimate === 0) {
    return `${label} lost none of ${plain('count', requests.started)} requests to the race${where}: ${shareWithInterval(raceRate, requests.started)}${law}${behind}.`;
  }
  const interval = shareWithInterval(raceRate, requests.started);
  return `${label} loses ${interval.replace(' (', ` of requests to the race${where} (`)}${law}${behind}.`;
}

/** The findings of the only scenario, or the span over all of them. */
export function runFindings(summary: Summary): string[] {
  const { reference } = summary.run.config;
  const { scenarios } = summary;
  if (scenarios.length === 0) return ['No trial was finished, so there is nothing to report.'];
  if (scenarios.length === 1) return scenarioFindings(scenarios[0], reference);
  const rates = scenarios.flatMap((scenario) => {
    const rate = scenario.strategies.find(({ label }) => label === reference)?.raceRate.estimate ?? null;
    return isKnown(rate)
      ? [
          {
            title: scenarioTitle(scenario).replaceAll(' · ', ', '),
            rate,
            predicted: scenario.prediction.raceProbability,
          },
        ]
      : [];
  });
  if (rates.length === 0) return [`${reference} has no healthy trial, so nothing can be compared with it.`];
  rates.sort((a, b) => a.rate - b.rate);
  const least = rates[0];
  const most = rates[rates.length - 1];
  const scale = scaleFor(
    'share',
    rates.map(({ rate }) => rate),
  );
  const law = isKnown(most.predicted) ? `; the law predicted ${plain('share', most.predicted)} there` : '';
  return [
    `Over ${scenarios.length} scenarios ${reference} loses between ${quantity(least.rate, scale)} and ${quantity(most.rate, scale)} of requests to the race, most of them at ${most.title}${law}.`,
    ...fewerErrorsEverywhere(summary),
  ];
}

function fewerErrorsEverywhere({ scenarios, run }: Summary): string[] {
  const labels = [...new Set(scenarios.flatMap(({ strategies }) => strategies.map(({ label }) => label)))];
  const word = (label: string, scenario: ScenarioSummary) =>
    scenario.strategies.find((one) => one.label === label)?.versusReference?.errorRate.word;
  const always = labels.filter((label) => scenarios.every((scenario) => word(label, scenario) === 'better'));
  if (always.length === 0) return [];
  return [`Better error rate than ${run.config.reference} in every scenario: ${listed(always)}.`];
}
