import { expect, test } from 'vitest';
import type { ScenarioSummary } from '../harness/contract/summary.ts';
import { fixtureInput, sweepInput } from '../test/fixtures/summary.ts';
import { inferenceText } from './inference-text.ts';

const [scenario] = fixtureInput().summary.scenarios;
const withInference = (inference: ScenarioSummary['inference']) => ({ ...scenario, inference });

test('inferenceText() says how often any word of a run is wrong by chance', () => {
  expect(inferenceText([scenario])).toBe(
    'These 30 intervals hold together with 95 % confidence: at most 1 run in 20 contains a word that is wrong by chance.',
  );
});

test('inferenceText() says how many of several scenarios may contain a wrong word', () => {
  expect(inferenceText(sweepInput().summary.scenarios)).toBe(
    'All intervals of a scenario hold together with 95 % confidence: at most 1 scenario in 20 contains a word that is wrong by chance. Over 9 scenarios, expect a wrong word in up to 0.45 of them.',
  );
});

test('inferenceText() counts the looks of a run that stops when it knows', () => {
  const looked = withInference({
    comparisons: 20,
    familyErrorMax: 0.05,
    levelAtThisLook: 0.0073,
    rounds: 8,
    look: { number: 3, roundsMax: 40 },
  });
  expect(inferenceText([looked])).toContain(
    'The run looked at its data 3 times, last after 8 of at most 40 rounds. The confidence covers all looks. The intervals of the last look are computed at 99.27 %.',
  );
});

test('inferenceText() is null where nothing is compared', () => {
  expect(inferenceText([withInference(null)])).toBeNull();
  expect(inferenceText([])).toBeNull();
});
