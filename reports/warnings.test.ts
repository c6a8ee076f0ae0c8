import { expect, test } from 'vitest';
import type { Warning } from '../harness/contract/warning.ts';
import { warningTexts } from './warnings.ts';

const trial = 'main.reuse.r1';
const scenario = 'main';
const strategy = 'reuse';

/** One of each code; a code without an entry does not compile. */
const each: { readonly [Code in Warning['code']]: Extract<Warning, { code: Code }>['data'] } = {
  interrupted: { trialsDone: 4, trialsPlanned: 18 },
  'target-lost': { trial, reason: 'exit code 1' },
  'trial-unhealthy': { trial, reasons: ['generator late'] },
  'law-broken': { trial, law: 'scheduled = started + dropped', left: 10, right: 9 },
  'generator-late': { trial, value: 7.1, limit: 5 },
  'generator-stalled': { trial, value: 31, limit: 20 },
  'generator-paused': { trial, value: 64, limit: 20 },
  'wire-late': { trial, value: 9.2, limit: 5 },
  'wire-paused': { trial, value: 1_300, limit: 20 },
  'wire-busy': { trial, value: 0.8, limit: 0.7 },
  'balancer-paused': { trial, value: 300, limit: 20 },
  'target-held-up': { trial, value: 12, limit: 5 },
  'target-paused': { trial, value: 41, limit: 20 },
  'generator-busy': { trial, value: 0.97, limit: 0.9 },
  'requests-dropped': { trial, value: 0.004, limit: 0 },
  'target-starved': { trial, value: 0.41, limit: 0.3 },
  'cpu-stolen': { trial, value: 0.12, limit: 0.05 },
  'clock-stepped': { trial, value: 750, limit: 20 },
  'never-reused': { scenario, strategy },
  'few-rounds': { rounds: 1 },
  'no-race-seen': { scenario, strategy },
  'no-race-behind-balancer': { scenario, strategy },
  'no-lag-measured': { scenario, strategy, samples: 3, needed: 30 },
  'idle-timeout-differs': {
    scenario,
    configuredMs: 500,
    seenMs: 1_502.4,
    closes: 12,
    reusesBeyond: 80,
    longestReuseMs: 601,
  },
  'slow-may-be-lost': { scenario, strategy, share: 0.05 },
  'executed-twice': { scenario, strategy, requests: 41 },
  'prediction-missed': { scenario, strategy, predicted: 0.02, difference: 0.015, low: 0.01, high: 0.02 },
  'capture-incomplete': { trial: 'main.reuse.r1', reason: 'the kernel dropped 7 packets' },
  'generators-share-cpu': { generators: 3, cpus: 1 },
  'one-loopback-address': {},
  'closed-plan-exhausted': { trial, requestsMax: 100_000 },
};
const all = Object.entries(each).map(([code, data]) => ({ code, data }) as Warning);

test.each(all)('warningTexts() says of $code what was seen, its cause and its remedy', (warning) => {
  const [text, ...others] = warningTexts([warning]);
  expect(others).toEqual([]);
  expect(text.seen).toHaveLength(1);
  for (const sentence of [text.seen[0], text.title, text.cause, text.remedy]) {
    expect(sentence.length).toBeGreaterThan(10);
    expect(sentence).not.toMatch(/undefined|null|NaN|not available/);
  }
});

test('warningTexts() names the facts of a warning', () => {
  const [late] = warningTexts([{ code: 'generator-late', data: { trial, value: 7.1, limit: 5 } }]);
  expect(late.seen).toEqual(['main.reuse.r1: lateness p99 7.10 ms (warning above 5.00 ms).']);
});

test('warningTexts() says how far a measured share is from the model, and on which side', () => {
  const data = each['prediction-missed'];
  const said = (change: object) =>
    warningTexts([{ code: 'prediction-missed', data: { ...data, ...change } }])[0].seen[0];
  expect(said({})).toContain('expects 2.0 % with the lags of the same rounds; ');
  expect(said({})).toContain(' is 1.5 percentage points higher (95 % CI 1.0 to 2.0).');
  expect(said({ difference: -0.004, low: -0.006, high: -0.002 })).toContain(
    ' is 0.40 percentage points lower (95 % CI 0.20 to 0.60).',
  );
});

test('warningTexts() names both timeouts, or the bound that is known', () => {
  const data = each['idle-timeout-differs'];
  const texts = warningTexts([
    { code: 'idle-timeout-differs', data },
    { code: 'idle-timeout-differs', data: { ...data, seenMs: null } },
  ]);
  expect(texts[0].seen[0]).toContain('seems to be 1.5 s, not 0.5 s (');
  expect(texts[0].seen[1]).toContain('seems to be longer than 0.601 s, not 0.5 s (');
});

test('warningTexts() tells warnings of one code together, in the order in which codes appear', () => {
  const twice: Warning[] = [
    { code: 'few-rounds', data: { rounds: 1 } },
    all[2],
    { code: 'few-rounds', data: { rounds: 2 } },
  ];
  const texts = warningTexts(twice);
  expect(texts.map(({ code }) => code)).toEqual(['few-rounds', 'trial-unhealthy']);
  expect(texts[0].seen).toEqual(['The run has 1 round.', 'The run has 2 rounds.']);
});

test('warningTexts() lists the worst cases of a reading and counts the others', () => {
  const late = (value: number): Warning => ({ code: 'generator-late', data: { trial, value, limit: 5 } });
  const [text] = warningTexts([6, 23, 7, 8, 95, 9, 12].map(late));
  expect(text.seen).toHaveLength(5);
  expect(text.seen[0]).toContain('95.0 ms');
  expect(text.seen[4]).toBe('3 more like these.');
  expect(warningTexts([6, 7, 8, 9, 10].map(late))[0].seen).toHaveLength(5);
});
