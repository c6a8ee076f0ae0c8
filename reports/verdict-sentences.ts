/**
 * Verdicts as sentences for people: how each strategy compares with the reference, in the closed vocabulary of
 * `verdictWords`. It words what the summary decided and decides nothing itself.
 */
import {
  type ComparedMetric,
  comparedMetrics,
  type Inference,
  type ScenarioSummary,
  type StrategySummary,
  type Verdict,
  type VerdictWord,
  verdictWords,
} from '../harness/contract/summary.ts';
import { referenceFirst } from './comparison-table.ts';
import { effectText, metricNames, withinText } from './effect-text.ts';
import { listed, plain } from './format.ts';

const wordTexts: Readonly<Record<VerdictWord, { readonly text: string; readonly joint: string }>> = {
  better: { text: 'better', joint: ' in ' },
  'slightly-better': { text: 'slightly better', joint: ' in ' },
  worse: { text: 'worse', joint: ' in ' },
  'slightly-worse': { text: 'slightly worse', joint: ' in ' },
  'no-difference': { text: 'no difference seen', joint: ' in ' },
  undecided: { text: 'undecided', joint: ': ' },
  'not-available': { text: 'not available', joint: ': ' },
  'no-verdict': { text: 'no verdict', joint: ': ' },
};

/** Fewer rounds than this give no interval. */
const roundsMin = 3;
/** Beyond this the summary names no number of rounds. */
const moreRoundsMax = 1_000;

/** One verdict word, with the figures of one strategy that it applies to. */
interface VerdictClause {
  readonly word: VerdictWord;
  /** The word as it is printed. */
  readonly wordText: string;
  /** What follows it, a leading space or colon included. */
  readonly text: string;
}

export interface StrategyVerdicts {
  readonly strategy: StrategySummary;
  readonly clauses: readonly VerdictClause[];
}

/** Figures that a scenario compares: throughput follows the plan, not the strategy, unless traffic is closed. */
export function metricsOf({ config }: ScenarioSummary): ComparedMetric[] {
  return comparedMetrics.filter((metric) => metric !== 'throughput' || config.traffic.kind === 'closed');
}

/** One entry for each strategy that is compared, in the order of the tables. */
export function scenarioVerdicts(scenario: ScenarioSummary, reference: string): StrategyVerdicts[] {
  const ordered = referenceFirst(scenario.strategies, reference);
  const its = ordered.find(({ label }) => label === reference);
  return ordered.flatMap((strategy) => {
    const versus = strategy.versusReference;
    if (versus === null) return [];
    const clauses = verdictWords.flatMap((word) => {
      const metrics = metricsOf(scenario).filter((metric) => versus[metric].word === word);
      if (metrics.length === 0) return [];
      const text =
        word === 'undecided'
          ? undecidedText(metrics, versus, scenario.inference)
          : word === 'not-available' || word === 'no-verdict'
            ? reasonsText(metrics, versus, metricsOf(scenario).length)
            : listed(metrics.map((metric) => metricText(metric, versus[metric], strategy, its)));
      return [{ word, wordText: wordTexts[word].text, text: `${wordTexts[word].joint}${text}` }];
    });
    return [{ strategy, clauses }];
  });
}

/** For example `evict: better in error rate (2.9 percentage points lower, 2.5 to 3.4); no difference seen in p99 (within ±4 %).` */
export function verdictSentences(scenario: ScenarioSummary, reference: string): string[] {
  return scenarioVerdicts(scenario, reference).map(
    ({ strategy, clauses }) =>
      `${strategy.label}: ${clauses.map(({ wordText, text }) => `${wordText}${text}`).join('; ')}.`,
  );
}

function metricText(
  metric: ComparedMetric,
  verdict: Verdict,
  strategy: StrategySummary,
  reference: StrategySummary | undefined,
): string {
  const size =
    verdict.word === 'no-difference'
      ? `within ±${withinText(verdict)}`
      : effectText(metric, verdict, strategy, reference);
  return size === '' ? metricNames[metric] : `${metricNames[metric]} (${size})`;
}

/** How many rounds would settle each; in full for the first figure that has a number, with the option that adds rounds unless the run used it. */
function undecidedText(
  metrics: readonly ComparedMetric[],
  versus: Readonly<Record<ComparedMetric, Verdict>>,
  inference: Inference | null,
): string {
  const hint = inference?.look == null ? '; see --until' : '';
  const without =
    (inference?.rounds ?? 0) < roundsMin
      ? `an interval needs at least ${roundsMin} rounds`
      : `more than ${plain('count', moreRoundsMax)} more rounds would be needed`;
  const first = metrics.find((metric) => versus[metric].moreRounds !== null);
  return listed(
    metrics.map((metric) => {
      const { moreRounds } = versus[metric];
      const about = `about ${plain('count', moreRounds)}`;
      const full = `${about} more ${moreRounds === 1 ? 'round' : 'rounds'} would settle it${hint}`;
      const remedy = moreRounds === null ? without : metric === first ? full : about;
      return `${metricNames[metric]} (${remedy})`;
    }),
  );
}

/** Groups figures by their reasons. The figures are not listed where one reason applies to all of them. */
function reasonsText(
  metrics: readonly ComparedMetric[],
  versus: Readonly<Record<ComparedMetric, Verdict>>,
  compared: number,
): string {
  const groups = Map.groupBy(metrics, (metric) => versus[metric].reasons.join('; '));
  return [...groups]
    .map(([reasons, same]) => {
      const why = reasons === '' ? 'no reason was recorded' : reasons;
      return same.length === compared ? why : `${listed(same.map((one) => metricNames[one]))} (${why})`;
    })
    .join(', ');
}
