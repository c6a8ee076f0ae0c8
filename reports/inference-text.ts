/** The paragraph under the verdicts of a run or a scenario: the confidence with which all of them hold together. */
import type { Inference, ScenarioSummary } from '../harness/contract/summary.ts';
import { isKnown, plain } from './format.ts';

/** Of one scenario that is the whole run, or of all scenarios of a sweep; null where nothing is compared. */
export function inferenceText(scenarios: readonly ScenarioSummary[]): string | null {
  const all = scenarios.flatMap(({ inference }) => (inference === null ? [] : [inference]));
  if (all.length === 0) return null;
  const [{ familyErrorMax, comparisons }] = all;
  const unit = scenarios.length === 1 ? 'run' : 'scenario';
  const theseHold =
    scenarios.length === 1
      ? `These ${comparisons} intervals hold together`
      : 'All intervals of a scenario hold together';
  const sentences = [
    `${theseHold} with ${confidenceOf(familyErrorMax)} confidence: at most 1 ${unit} in ${oneIn(familyErrorMax)} contains a word that is wrong by chance.`,
  ];
  if (all.length > 1) {
    const expected = all.reduce((sum, one) => sum + one.familyErrorMax, 0);
    sentences.push(
      `Over ${all.length} scenarios, expect a wrong word in up to ${Number(expected.toPrecision(2))} of them.`,
    );
  }
  return [...sentences, ...looksText(all)].join(' ');
}

/** The scenario with the most looks represents all: scenarios run in step. */
function looksText(all: readonly Inference[]): string[] {
  const [latest] = all.filter(({ look }) => look !== null).sort((a, b) => b.rounds - a.rounds);
  if (latest === undefined || latest.look === null) return [];
  const { rounds, look, levelAtThisLook } = latest;
  const times = look.number === 1 ? 'once' : `${look.number} times`;
  const level = isKnown(levelAtThisLook)
    ? ` The intervals of the last look are computed at ${confidenceOf(levelAtThisLook)}.`
    : '';
  return [
    `The run looked at its data ${times}, last after ${rounds} of at most ${look.roundsMax} rounds. The confidence covers all looks.${level}`,
  ];
}

function confidenceOf(error: number): string {
  return `${Number(((1 - error) * 100).toFixed(2))} %`;
}

function oneIn(error: number): string {
  return plain('count', Math.round(1 / error));
}
