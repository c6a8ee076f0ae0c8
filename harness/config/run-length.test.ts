import { expect, test } from 'vitest';
import { HarnessError } from '../base/errors.ts';
import { worthwhileDefaults } from '../contract/run-config.ts';
import { type Overrides, readMatrix } from './read-matrix.ts';

const good = `target: { kind: embedded, idleTimeout: 500ms }
traffic: { kind: think-time, clients: 10, gap: 400ms }
strategies: [reuse, evict, evict+retry]
`;

const read = (fields: string, options: Partial<Overrides> = {}) =>
  readMatrix(`${good}${fields}`, '/work/m.yaml', { cwd: '/work', ...options });

function refusal(fields: string, options: Partial<Overrides> = {}): string {
  try {
    read(fields, options);
  } catch (error) {
    if (error instanceof HarnessError) return error.message;
    throw error;
  }
  throw new Error('It was not refused');
}

const decided = { goal: { kind: 'decided' }, timeMsMax: null };
const width = (strategy: string, metric: string, halfWidth: number) => ({
  goal: { kind: 'width', strategy, metric, halfWidth },
  timeMsMax: null,
});

test.each([
  ['', 3, null],
  ['rounds: 5', 5, null],
  ['rounds: auto', 40, decided],
  ['until: decided', 40, decided],
  ['rounds: auto\nmaxRounds: 12\nmaxTime: 3m', 12, { ...decided, timeMsMax: 180_000 }],
  ['until: errorRate(evict) ±0.1 %', 40, width('evict', 'errorRate', 0.001)],
  ['until: "errorRate(evict) +- 0.1%"', 40, width('evict', 'errorRate', 0.001)],
  ['until: p99(evict+retry) +/-5 %', 40, width('evict+retry', 'responseTimeP99', 0.05)],
  ['until: cpu( evict ) ±2.5%', 40, width('evict', 'cpuPer1000Requests', 0.025)],
])('readMatrix() reads the length of a run: %s', (fields, rounds, until) => {
  expect(read(fields)).toMatchObject({ rounds, until });
});

test.each<[string, Partial<Overrides>, number, unknown]>([
  ['rounds: 5', { until: 'decided', maxTime: '3m' }, 40, { ...decided, timeMsMax: 180_000 }],
  ['rounds: 5', { rounds: 'auto', maxRounds: 8 }, 8, decided],
  ['until: decided\nmaxTime: 3m', { rounds: 4 }, 4, null],
  ['until: decided\nmaxTime: 3m', { maxTime: '1m' }, 40, { ...decided, timeMsMax: 60_000 }],
  ['until: p50(evict) ±1 %', { rounds: 'auto' }, 40, width('evict', 'responseTimeP50', 0.01)],
])('readMatrix() puts the command line above the file: %s, %o', (fields, options, rounds, until) => {
  expect(read(fields, options)).toMatchObject({ rounds, until });
});

test.each<[string, Partial<Overrides>, string]>([
  ['until: soon', {}, 'm.yaml:4:8: until: expected "decided" or a width, for example'],
  ['until: 5', {}, 'm.yaml:4:8: until: expected "decided" or a width, for example'],
  [
    'until: loss(evict) ±1 %',
    {},
    '(figures: errorRate, p50, p99, cpu, connections, throughput); it is "loss(evict) ±1 %"',
  ],
  ['until: p99(evict) ±0 %', {}, 'm.yaml:4:8: until: expected a width of more than 0 %'],
  ['rounds: many', {}, 'm.yaml:4:9: rounds: expected a whole number from 1 to 1,000, or auto; it is "many"'],
  ['rounds: 5\nuntil: decided', {}, 'm.yaml:5:8: until: rounds: 5 fixes the length of the run'],
  ['maxTime: 3m', {}, 'm.yaml:4:10: maxTime: rounds: 3 fixes the length of the run; write rounds: auto'],
  ['rounds: auto\nmaxTime: 3', {}, 'maxTime: a duration needs a unit'],
  ['until: p99(evct) ±1 %', {}, 'there is no strategy "evct"; did you mean "evict"?'],
  ['until: p99(reuse) ±1 %', {}, '"reuse" is the reference; name a strategy that is compared with it'],
  [
    'until: throughput(evict) ±1 %',
    {},
    'throughput is compared only with closed traffic; the traffic is think-time',
  ],
  [
    'rounds: auto',
    { strategies: 'reuse' },
    'a run of one strategy has no verdicts; expected two or more strategies',
  ],
  ['', { rounds: 5, until: 'decided' }, '--until: rounds: 5 fixes the length of the run'],
  ['', { maxTime: '3m' }, '--max-time: rounds: 3 fixes the length of the run'],
  ['', { until: 'p95(evict) ±1 %' }, '--until: expected "decided"'],
  ['worthwhile: { p99: 5 }', {}, 'worthwhile.p99: expected a percentage, for example "5 %"; it is 5'],
  ['worthwhile: { p99: 0 % }', {}, 'worthwhile.p99: expected more than 0 %'],
  ['worthwhile: { p95: 5 % }', {}, 'worthwhile.p95: there is no such field'],
  ['repeatUnhealthy: -1', {}, 'm.yaml:4:18: repeatUnhealthy: expected at least 0'],
  ['sweep: { until: [decided] }', {}, 'belongs to the whole run'],
])('readMatrix() refuses %s %o', (fields, options, says) => {
  expect(refusal(fields, options)).toContain(says);
});

test('readMatrix() reads what is worth a decision, and fills in the rest', () => {
  expect(read('').worthwhile).toEqual(worthwhileDefaults);
  expect(read('worthwhile: { errorRate: 0.02 %, p99: 5 % }').worthwhile).toEqual({
    ...worthwhileDefaults,
    errorRate: 0.0002,
    p99: 0.05,
  });
});

test('readMatrix() reads how often an unhealthy trial is run again', () => {
  expect(read('').repeatUnhealthyMax).toBe(2);
  expect(read('repeatUnhealthy: 0').repeatUnhealthyMax).toBe(0);
  expect(read('repeatUnhealthy: 1', { repeatUnhealthy: 3 }).repeatUnhealthyMax).toBe(3);
});
