/** The stall check can fail: a perfect trial holds, and each way of tampering with it is found. */

import { expect, test } from 'vitest';
import { trialResultOf } from '../../test/fixtures/trial-result.ts';
import { faultCode } from '../contract/fault.ts';
import type { TrialResult } from '../contract/trial.ts';
import { stallScenario } from './check-stall.ts';
import { conclude } from './conclude.ts';
import { judgeStall, slowCounts } from './judge-stall.ts';

const nsPerMs = 1e6;
const stallMs = 3_000;

/** Every stalled request waits for the end of the stall; beyond the pool it is sent only then. */
function perfectTrial(connectionsMax: number | null) {
  const { scenario, faults } = stallScenario(connectionsMax);
  const { plan, frozenRow } = scenario;
  const { intendedNs } = plan;
  const endNs = intendedNs[frozenRow] + stallMs * nsPerMs;
  const isStalled = (row: number) => row >= frozenRow && intendedNs[row] < endNs;
  const inLine = (row: number) =>
    isStalled(row) && row - frozenRow >= (connectionsMax ?? Number.POSITIVE_INFINITY);
  const rows = [...intendedNs.keys()];
  const times = (at: (row: number) => number) => Float64Array.from(rows, at);
  return {
    scenario,
    faults,
    stalledRows: rows.filter(isStalled),
    startedNs: times((row) => intendedNs[row]),
    sentNs: times((row) => (inLine(row) ? endNs : intendedNs[row])),
    noticedNs: times((row) => intendedNs[row]),
    answeredNs: times((row) => (isStalled(row) ? endNs : intendedNs[row])),
    doneNs: times((row) => (isStalled(row) ? endNs : intendedNs[row]) + 0.1 * nsPerMs),
    law: { law: 'a', left: 1, right: 1 },
    reasons: [] as string[],
  };
}

type Parts = ReturnType<typeof perfectTrial>;

function trialOf({ startedNs, sentNs, doneNs, noticedNs, answeredNs, law, reasons }: Parts): TrialResult {
  return trialResultOf({
    generator: { requests: { startedNs, sentNs, doneNs } },
    target: { ledger: { noticedNs, answeredNs } },
    health: { reasons, laws: [law] },
  });
}

function judge(connectionsMax: number | null, tamper: (parts: Parts) => void = () => {}) {
  const parts = perfectTrial(connectionsMax);
  tamper(parts);
  return conclude([judgeStall(parts.scenario, trialOf(parts))], '');
}

test.each([null, 4])('a perfect trial holds (pool %s)', (connectionsMax) => {
  const { status, findings } = judge(connectionsMax);
  expect(findings.filter(({ held }) => !held)).toEqual([]);
  expect(status).toBe('held');
  expect(findings).toHaveLength(13);
});

test('slowCounts() shows what service time alone leaves out', () => {
  const counts = (connectionsMax: number | null) => {
    const parts = perfectTrial(connectionsMax);
    return slowCounts(parts.scenario, trialOf(parts));
  };
  expect(counts(null)).toEqual({ response: 20, service: 20 });
  expect(counts(4)).toEqual({ response: 20, service: 4 });
});

const shift = (column: Float64Array, rows: readonly number[], ms: number) => {
  for (const row of rows) column[row] += ms * nsPerMs;
};

test.each<[string, 'failed' | 'refused' | 'held', (parts: Parts) => void]>([
  [
    'response time taken from the sending: coordinated omission',
    'failed',
    ({ scenario, stalledRows, sentNs, doneNs }) => {
      for (const row of stalledRows) doneNs[row] -= sentNs[row] - scenario.plan.intendedNs[row];
    },
  ],
  [
    'every response time 3 % too short',
    'failed',
    ({ scenario, stalledRows, doneNs }) => {
      for (const row of stalledRows) doneNs[row] -= 0.03 * (doneNs[row] - scenario.plan.intendedNs[row]);
    },
  ],
  [
    'one slow answer missing',
    'failed',
    ({ scenario, stalledRows, doneNs }) => {
      doneNs[stalledRows[7]] = scenario.plan.intendedNs[stalledRows[7]] + nsPerMs;
    },
  ],
  [
    'a pool that let more through than it has connections',
    'failed',
    ({ scenario, stalledRows, sentNs }) => {
      for (const row of stalledRows) sentNs[row] = scenario.plan.intendedNs[row];
    },
  ],
  [
    'a broken law',
    'failed',
    ({ law }) => {
      law.left = 2;
    },
  ],
  [
    'a stall half as long as asked for, by all clocks',
    'failed',
    ({ stalledRows, answeredNs, doneNs }) => {
      shift(answeredNs, stalledRows, -1_000);
      shift(doneNs, stalledRows, -1_000);
    },
  ],
  [
    'a backlog that the target worked off late',
    'refused',
    ({ stalledRows, answeredNs, doneNs }) => {
      shift(answeredNs, stalledRows.slice(1), 15);
      shift(doneNs, stalledRows.slice(1), 15);
    },
  ],
  [
    'answers that were read late, once',
    'refused',
    ({ stalledRows, doneNs }) => shift(doneNs, stalledRows, 15),
  ],
  [
    'a late generator',
    'refused',
    ({ scenario, startedNs }) => shift(startedNs, [scenario.frozenRow, scenario.frozenRow + 1], 25),
  ],
  [
    'a complaint of the health gate',
    'refused',
    ({ reasons }) => {
      reasons.push('the generator was late');
    },
  ],
  [
    'a wake-up 3 ms late, which the books show',
    'held',
    ({ stalledRows, answeredNs, doneNs }) => {
      shift(answeredNs, stalledRows, 3);
      shift(doneNs, stalledRows, 3);
    },
  ],
])('%s: %s', (_, expected, tamper) => {
  const { status, healthReasons } = judge(4, tamper);
  expect(status).toBe(expected);
  expect(healthReasons.length > 0).toBe(expected === 'refused');
});

test('a trial that was cut short fails the check', () => {
  const parts = perfectTrial(null);
  const lost = { ...trialOf(parts), generator: null };
  expect(conclude([judgeStall(parts.scenario, lost)], '').status).toBe('failed');
});

test('stallScenario() freezes once, in the measured time', () => {
  const { scenario, faults } = stallScenario(4);
  const frozen = [...faults.keys()].filter((row) => faults[row] === faultCode.freeze);
  expect(frozen).toEqual([scenario.frozenRow]);
  expect(scenario.plan.intendedNs[scenario.frozenRow]).toBe(scenario.plan.warmupNs + 1_050 * nsPerMs);
  expect(perfectTrial(4).stalledRows).toHaveLength(20);
});
