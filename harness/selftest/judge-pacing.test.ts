/** The pacing check can fail: a perfect trial holds, wrong counts and times fail, lateness refuses. */
import { expect, test } from 'vitest';
import { outcomeCode } from '../contract/outcome.ts';
import { concludePacing, judgePacing, type PacedRate } from './judge-pacing.ts';

const nsPerMs = 1e6;
const rows = 300;

function perfect() {
  const at = (lateMs: number) => Float64Array.from({ length: rows }, (_, row) => (row + lateMs) * nsPerMs);
  return {
    ratePerSecond: 1_000,
    warmupNs: 100 * nsPerMs,
    intendedNs: at(0),
    startedNs: at(0.01),
    sentNs: at(0.02),
    noticedNs: at(0.1),
    outcome: new Uint8Array(rows).fill(outcomeCode.ok),
    executions: new Uint8Array(rows).fill(1),
    complaints: [] as string[],
  } satisfies PacedRate;
}

const judge = (rate: PacedRate) => concludePacing([judgePacing(rate)]);

test('a perfect trial holds, with both opinions in the summary', () => {
  const { status, findings, summary } = judge(perfect());
  expect(findings.filter(({ held }) => !held)).toEqual([]);
  expect(status).toBe('held');
  expect(summary).toBe(
    '300 of 300 requests arrived once; late by p50 / p99: 1,000/s 0.010 ms / 0.010 ms (target saw 0.100 ms / 0.100 ms).',
  );
});

test.each<[string, 'failed' | 'refused', (rate: ReturnType<typeof perfect>) => void]>([
  [
    'a request that never arrived',
    'failed',
    ({ executions, noticedNs }) => {
      executions[7] = 0;
      noticedNs[7] = Number.NaN;
    },
  ],
  ['a request that arrived twice', 'failed', ({ executions }) => void executions.fill(2, 9, 10)],
  [
    'a request that arrived before it was sent',
    'failed',
    ({ noticedNs, sentNs }) => void noticedNs.fill(sentNs[20] - 1_000, 20, 21),
  ],
  [
    'a request that arrived before it was meant to be sent',
    'failed',
    ({ noticedNs, intendedNs }) => void noticedNs.fill(intendedNs[150] - 1, 150, 151),
  ],
  [
    'a pacer that is early',
    'failed',
    ({ startedNs, sentNs, intendedNs }) => {
      startedNs[5] = intendedNs[5] - 5_000;
      sentNs[5] = intendedNs[5] - 4_000;
    },
  ],
  [
    'a request that was dropped and arrived all the same',
    'failed',
    ({ outcome }) => void outcome.fill(outcomeCode.dropped, rows - 1),
  ],
  [
    'requests too late to be sent',
    'refused',
    ({ outcome, executions, startedNs, sentNs, noticedNs }) => {
      outcome[rows - 1] = outcomeCode.dropped;
      executions[rows - 1] = 0;
      for (const column of [startedNs, sentNs, noticedNs]) column[rows - 1] = Number.NaN;
    },
  ],
  [
    'a late sender',
    'refused',
    ({ startedNs, sentNs, noticedNs }) => {
      for (const column of [startedNs, sentNs, noticedNs])
        for (let row = 200; row < 210; row++) column[row] += 60 * nsPerMs;
    },
  ],
  [
    'a target that reads late',
    'refused',
    ({ noticedNs }) => {
      for (let row = 100; row < rows; row++) noticedNs[row] += 80 * nsPerMs;
    },
  ],
  ['a complaint of the health gate', 'refused', ({ complaints }) => void complaints.push('busy')],
])('%s: %s', (_, expected, tamper) => {
  const rate = perfect();
  tamper(rate);
  const { status, healthReasons } = judge(rate);
  expect(status).toBe(expected);
  expect(healthReasons.length > 0).toBe(expected === 'refused');
});

test('lateness does not excuse a count of its own trial', () => {
  const rate = perfect();
  for (let row = 100; row < rows; row++) rate.noticedNs[row] += 80 * nsPerMs;
  rate.executions[150] = 2;
  expect(judge(rate).status).toBe('failed');
});
