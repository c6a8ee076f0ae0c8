/** The check of known distributions can fail: each way of recording wrong times is found. */
import { build } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { planOf } from '../../test/fixtures/plan.ts';
import { reportOf, targetReportOf } from '../../test/fixtures/trial-result.ts';
import { draw } from '../base/distribution.ts';
import { prng } from '../base/prng.ts';
import { outcomeCode } from '../contract/outcome.ts';
import { drawnOf } from './check-known-distributions.ts';
import {
  concludeDistributions,
  type Floor,
  judgeDistribution,
  type KnownTrial,
} from './judge-known-distributions.ts';

const nsPerMs = 1e6;
const rows = 1_000;
const lognormal = { kind: 'lognormal', median: 8, sigma: 0.6 } as const;

function perfect() {
  const random = prng(1, 'test');
  const drawnMs = Float64Array.from({ length: rows }, () => draw(lognormal, random));
  const at = (of: (row: number) => number) =>
    Float64Array.from({ length: rows }, (_, row) => (2 * row + of(row)) * nsPerMs);
  return {
    drawnMs,
    intendedNs: at(() => 0),
    startedNs: at(() => 0.01),
    noticedNs: at(() => 0.1),
    answeredNs: at((row) => 0.12 + drawnMs[row]),
    doneNs: at((row) => 0.2 + drawnMs[row]),
    outcome: new Uint8Array(rows).fill(outcomeCode.ok),
    floor: { p50: 0.2, p99: 0.4, complaints: [] as string[] } satisfies Floor,
    complaints: [] as string[],
    /** What the report's code makes of a response time, ns. */
    report: (valueNs: number): number | null => valueNs,
  };
}

type Parts = ReturnType<typeof perfect>;

function judge(parts: Parts) {
  const {
    intendedNs,
    startedNs,
    noticedNs,
    answeredNs,
    doneNs,
    outcome,
    drawnMs,
    floor,
    complaints,
    report,
  } = parts;
  const logged = build({ highestTrackableValue: 3_600e9, numberOfSignificantValueDigits: 3 });
  const responseNs = doneNs.map((ns, row) => ns - intendedNs[row]);
  for (const valueNs of responseNs) {
    const reported = report(valueNs);
    if (reported !== null) logged.recordValue(Math.round(reported));
  }
  const trial: KnownTrial = {
    name: 'lognormal',
    plan: planOf({ intendedNs }),
    generator: reportOf({ requests: { startedNs, doneNs, outcome } }),
    target: targetReportOf({ ledger: { noticedNs, answeredNs } }),
    drawnMs,
    responseMs: responseNs.map((ns) => ns / nsPerMs).sort(),
    logged,
    complaints,
  };
  return concludeDistributions([judgeDistribution(trial, floor)], floor);
}

test('a perfect trial holds, and the floor is printed', () => {
  const { status, findings, summary } = judge(perfect());
  expect(findings.filter(({ held }) => !held)).toEqual([]);
  expect(status).toBe('held');
  expect(summary).toContain('p50 0.200 ms, p99 0.400 ms; 4 of 4 recorded percentiles');
});

const slowBy = (column: Float64Array, ms: number, every: number) => {
  for (let row = 0; row < rows; row += every) column[row] += ms * nsPerMs;
};

test.each<[string, 'failed' | 'refused' | 'held', (parts: Parts) => void]>([
  ['answers before the wait is over', 'failed', ({ answeredNs }) => slowBy(answeredNs, -0.2, 100)],
  ['response times below the wait', 'failed', ({ doneNs }) => slowBy(doneNs, -0.3, 1)],
  [
    'a report that says 1 % less',
    'failed',
    (parts) => {
      parts.report = (ns) => 0.97 * ns;
    },
  ],
  [
    'a report that loses the slow ones',
    'failed',
    (parts) => {
      parts.report = (ns) => (ns > 30 * nsPerMs ? null : ns);
    },
  ],
  [
    'a request that was not answered',
    'failed',
    ({ outcome }) => void outcome.fill(outcomeCode.timeout, 3, 4),
  ],
  ['every time 3 ms too long on a quiet machine', 'failed', ({ doneNs }) => slowBy(doneNs, 3, 1)],
  [
    'the same with a late generator',
    'refused',
    ({ doneNs, startedNs }) => {
      slowBy(doneNs, 13, 1);
      slowBy(startedNs, 13, 1);
    },
  ],
  ['one in ten slowed', 'refused', ({ doneNs }) => slowBy(doneNs, 30, 10)],
  ['one in fifty slowed', 'held', ({ doneNs }) => slowBy(doneNs, 30, 50)],
  [
    'a floor that would allow anything',
    'refused',
    ({ floor }) => {
      floor.p99 = 150;
    },
  ],
  ['a complaint of the health gate', 'refused', ({ complaints }) => void complaints.push('busy')],
])('%s: %s', (_, expected, tamper) => {
  const parts = perfect();
  tamper(parts);
  const { status, healthReasons } = judge(parts);
  expect(status).toBe(expected);
  expect(healthReasons.length > 0).toBe(expected === 'refused');
});

test('drawnOf() draws in the order in which the target noticed', () => {
  const random = prng(5, 'service');
  const [first, second, third] = [draw(lognormal, random), draw(lognormal, random), draw(lognormal, random)];
  expect([...drawnOf(Float64Array.of(30, 10, Number.NaN, 20), lognormal, 5)]).toEqual([
    third,
    first,
    Number.NaN,
    second,
  ]);
});
