/**
 * What a run found, as sentences: what happens under the reference strategy, whether the timing model explains it,
 * and which strategies avoid it. Races and failures differ: a request that raced may be sent again and succeed.
 */
import type {
  Estimate,
  RateEstimate,
  ScenarioSummary,
  StrategySummary,
  Summary,
  VerdictWord,
} from '../harness/contract/summary.ts';
import { isKnown, listed, plain, predictedShare, quantity, scaleFor } from './format.ts';
import { deathsText } from './hop-text.ts';
import { rateParts, zeroBoundsText } from './rate-text.ts';
import { scenarioTitle } from './scenario-title.ts';
import { metricsOf } from './verdict-sentences.ts';

/** Names in prose; formats turn the backticks into code. */
const named = (label: string) => `\`${label}\``;
const listedLabels = (strategies: readonly StrategySummary[]) =>
  listed(strategies.map(({ label }) => named(label)));

/** What happens under the reference strategy, and which strategies avoid it. */
export function scenarioFindings(scenario: ScenarioSummary, reference: string): string[] {
  const strategy = scenario.strategies.find(({ label }) => label === reference);
  if (strategy === undefined) return [`The reference ${named(reference)} was not run.`];
  if (!isKnown(strategy.raceRate.estimate) || !isKnown(strategy.errorRate.estimate)) {
    return [`${named(reference)} has no healthy trial, so nothing can be compared with it.`];
  }
  const zero = zeroBoundsText([strategy.raceRate], strategy.requests.failed === 0 ? 'failure' : 'race');
  const others = otherFailures(strategy);
  // Where nothing raced, what did fail comes first.
  const leads = strategy.raceRate.none === null ? [] : others;
  return [
    ...leads,
    lossSentence(strategy),
    [modelSentence(strategy, scenario), ...hopSentence(strategy)].join(' '),
    ...(zero === null ? [] : [`${capitalized(zero)}.`]),
    ...(leads.length === 0 ? others : []),
    ...remedies(scenario, reference),
  ];
}

/** Requests that failed because of the race, first attempts that raced, or both where they differ. */
function lossSentence(strategy: StrategySummary): string {
  const { label, raceRate, errorRate, requests, hop } = strategy;
  const { started, failed } = requests;
  const where = hop === null ? '' : ' on the client’s hop';
  const all = plain('count', started);
  if (raceRate.none !== null) {
    const { rounds } = raceRate.none;
    const event = failed === 0 && hop === null ? 'failed' : `ran into the idle-timeout race${where}`;
    const inRounds = rounds === 1 ? ' in 1 round' : ` in any of ${rounds} rounds`;
    return `None of ${all} requests of ${named(label)} ${event}${inRounds}.`;
  }
  const raced = rateParts(raceRate);
  const interval = raced.interval === '' ? '' : ` (${raced.interval})`;
  if (racesAreFailures(strategy)) {
    return `${named(label)} failed ${raced.share} of ${all} requests${where}${interval}.`;
  }
  const race = `${raced.share} of the first attempts of ${named(label)} ran into the idle-timeout race${where}${interval}`;
  if (failed === 0) {
    return `${race}; the client sent each of them again, so none of ${all} requests failed.`;
  }
  const failures = rateParts(errorRate);
  const errors = failures.interval === '' ? '' : ` (${failures.interval})`;
  return `${race}; ${failures.share} of ${all} requests failed${errors}.`;
}

/** Every race failed its request, and nothing else failed one. */
function racesAreFailures({ requests, outcomes, raceRate, errorRate }: StrategySummary): boolean {
  return requests.failed === outcomes['idle-race'] && raceRate.estimate === errorRate.estimate;
}

/** The model against what was measured, round by round and by the interval of the rate: either may contradict it. */
function modelError({ raceRate }: StrategySummary, { low, high }: Estimate, predicted: number) {
  const isChecked = isKnown(low) && isKnown(high);
  if (isChecked && low > 0) return 'less';
  if (isChecked && high < 0) return 'more';
  if (!isKnown(raceRate.low) || !isKnown(raceRate.high)) return isChecked ? 'none' : null;
  return predicted < raceRate.low ? 'less' : predicted > raceRate.high ? 'more' : 'none';
}

/** A check that leaves room for half of the measured share explains nothing: it could not have contradicted the model. */
function isSharp({ low, high }: Estimate, measured: number | null): boolean {
  if (!isKnown(low) || !isKnown(high) || !isKnown(measured)) return false;
  return Math.max(Math.abs(low), Math.abs(high)) <= measured / 2;
}

/** Also true where there is no interval. */
function isWithin(share: number, { low, high }: RateEstimate): boolean {
  return !isKnown(low) || !isKnown(high) || (share >= low && share <= high);
}

/** Lags change from round to round: where those of the other rounds miss the result, the share by its own lags is stated too. */
function predictionText(
  prediction: StrategySummary['prediction'],
  ownRounds: number,
  rate: RateEstimate,
): string {
  const { raceProbability } = prediction;
  if (!isKnown(raceProbability)) {
    return `With the lags of the same round, the timing model expects ${ownRounds === 0 ? 'no race' : plain('share', ownRounds)}`;
  }
  const predicted = `The timing model predicted ${predictedShare(prediction)}`;
  return !isWithin(raceProbability, rate) && plain('share', ownRounds) !== plain('share', raceProbability)
    ? `${predicted} with the lags of the other rounds, and ${plain('share', ownRounds)} with those of the same rounds`
    : predicted;
}

function whyNone({ window }: StrategySummary['prediction'], { client }: ScenarioSummary['config']): string {
  if (client.settings === 'own')
    return ', because it does not cover a client that keeps its default settings';
  return window.lagSamples === 0 ? ', because no lag could be measured' : '';
}

/** "Explains" is claimed only if nothing contradicts the model and the law check is narrow enough to have done so. */
function modelSentence(strategy: StrategySummary, { config }: ScenarioSummary): string {
  const { prediction, lawCheck, raceRate } = strategy;
  // The lags of the same rounds, where there are any: with a single round they are all there is.
  const expected = lawCheck.predicted ?? prediction.raceProbability;
  if (!isKnown(expected)) {
    return `The timing model gives no prediction${whyNone(prediction, config)}.`;
  }
  const predicted = predictionText(prediction, expected, raceRate);
  const error = modelError(strategy, lawCheck.measuredMinusPredicted, expected);
  const areFailures = racesAreFailures(strategy);
  if (error === null || (raceRate.none !== null && error === 'none')) return `${predicted}.`;
  if (error === 'more') return `${predicted}, which is more than was measured.`;
  if (error === 'less') {
    const what = areFailures ? 'these failures' : 'these races';
    return `${predicted}, so the idle-timeout race as modeled does not explain all of ${what}.`;
  }
  return areFailures && isSharp(lawCheck.measuredMinusPredicted, raceRate.estimate)
    ? `${predicted}, so the idle-timeout race explains these failures.`
    : `${predicted}, which is consistent with the idle-timeout race.`;
}

function hopSentence({ hop }: StrategySummary): string[] {
  if (hop === null) return [];
  return [`${capitalized(deathsText(hop))}.`];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Requests that failed for a reason other than the race, by kind. */
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
    `${plain('count', failed)} of ${plain('count', requests.started)} requests of ${named(label)} failed for other reasons: ${listed(kinds)}.`,
  ];
}

/** Neither a difference below the worthwhile one nor a missing figure speaks against a strategy. */
const fineWords: readonly (VerdictWord | undefined)[] = [
  'better',
  'slightly-better',
  'no-difference',
  'slightly-worse',
  'not-available',
];

function remedies(scenario: ScenarioSummary, reference: string): string[] {
  const metrics = metricsOf(scenario);
  const word = ({ versusReference }: StrategySummary, metric: (typeof metrics)[number]) =>
    versusReference?.[metric].word;
  const better = scenario.strategies.filter((one) => word(one, 'errorRate') === 'better');
  if (better.length === 0) return [];
  const worse = better.filter((one) => metrics.some((metric) => word(one, metric) === 'worse'));
  const free = better.filter((one) => metrics.every((metric) => fineWords.includes(word(one, metric))));
  return [
    `${listedLabels(better)} ${better.length === 1 ? 'has' : 'have'} a better error rate than ${named(reference)}.`,
    ...(worse.length === better.length
      ? [`${better.length === 1 ? 'It' : 'Each of them'} is worse in at least one other figure.`]
      : []),
    ...(free.length > 0
      ? [
          `${listedLabels(free)} ${free.length === 1 ? 'is' : 'are'} at most slightly worse in every other figure.`,
        ]
      : []),
  ];
}

/** The findings of the only scenario, or the span over all of them. */
export function runFindings(summary: Summary): string[] {
  const { reference } = summary.run.config;
  const { scenarios } = summary;
  if (scenarios.length === 0) return ['No trial was finished, so there is nothing to report.'];
  if (scenarios.length === 1) return scenarioFindings(scenarios[0], reference);
  const rates = scenarios.flatMap((scenario) => {
    const own = scenario.strategies.find(({ label }) => label === reference);
    const raced = own?.raceRate.estimate ?? null;
    const failed = own?.errorRate.estimate ?? null;
    return isKnown(raced) && isKnown(failed) ? [{ scenario, raced, failed }] : [];
  });
  if (rates.length === 0) {
    return [`${named(reference)} has no healthy trial, so nothing can be compared with it.`];
  }
  rates.sort((a, b) => a.raced - b.raced);
  const most = rates[rates.length - 1].scenario;
  const raced = span(rates.map((one) => one.raced));
  const failed = rates.every((one) => one.failed === 0) ? 'none' : span(rates.map((one) => one.failed));
  const failures = rates.every((one) => one.raced === one.failed) ? '' : `, and ${failed} failed`;
  const predicted = most.prediction.raceProbability;
  const model = isKnown(predicted) ? `, where the timing model predicted ${plain('share', predicted)}` : '';
  return [
    `Over ${scenarios.length} scenarios, ${raced} of the requests of ${named(reference)} ran into the idle-timeout race${failures}.`,
    `The share was highest at ${scenarioTitle(most).replaceAll(' · ', ', ')}${model}.`,
    ...fewerErrorsEverywhere(summary),
  ];
}

/** `0.6 % to 18.4 %`, or the one value that all have. */
function span(values: readonly number[]): string {
  const scale = scaleFor('share', values);
  const texts = [Math.min(...values), Math.max(...values)].map((value) => quantity(value, scale));
  return [...new Set(texts)].join(' to ');
}

function fewerErrorsEverywhere({ scenarios, run }: Summary): string[] {
  const labels = [...new Set(scenarios.flatMap(({ strategies }) => strategies.map(({ label }) => label)))];
  const word = (label: string, scenario: ScenarioSummary) =>
    scenario.strategies.find((one) => one.label === label)?.versusReference?.errorRate.word;
  const always = labels.filter((label) => scenarios.every((scenario) => word(label, scenario) === 'better'));
  if (always.length === 0) return [];
  return [
    `${listed(always.map(named))} ${always.length === 1 ? 'has' : 'have'} a better error rate than ${named(run.config.reference)} in every scenario.`,
  ];
}
