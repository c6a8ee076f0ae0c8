import { expect, test } from 'vitest';
import { HarnessError } from '../base/errors.ts';
import type { Bench } from './bench.ts';
import type { Check, CheckResult, CheckStatus } from './check.ts';
import { runChecks, TimeOver } from './run-checks.ts';

const notHere = () => Promise.reject(new Error('not here'));
const bench: Bench = {
  balancerKinds: [],
  seed: 1,
  clientKind: 'lean',
  trials: [],
  run: notHere,
  runAll: notHere,
};

function result(status: CheckStatus): CheckResult {
  return { status, summary: '', findings: [], healthReasons: status === 'refused' ? ['busy'] : [] };
}

/** Ends with these one after the other, each of which takes 10 s. */
function scripted(
  id: string,
  ends: readonly (CheckStatus | Error)[],
  time = { nowMs: 0 },
): Check & { runs: number } {
  const check = {
    id,
    title: id,
    lastsMs: 10_000,
    runs: 0,
    async run() {
      const end = ends[check.runs++];
      time.nowMs += 10_000;
      if (end instanceof Error) throw end;
      return result(end);
    },
  };
  return check;
}

async function run(checks: readonly Check[], time = { nowMs: 0 }, signal = new AbortController().signal) {
  const outcomes = [];
  const clock = { nowMs: () => time.nowMs, endsMs: 60_000, onStart: () => {} };
  for await (const outcome of runChecks(checks, bench, signal, clock)) outcomes.push(outcome);
  return outcomes;
}

test('runChecks() asks a refused check once more, and no other', async () => {
  const [held, refused, failed] = [
    scripted('held', ['held']),
    scripted('refused', ['refused', 'held']),
    scripted('failed', ['failed', 'held']),
  ];
  const outcomes = await run([held, refused, failed]);
  expect(outcomes.map(({ status, attempts }) => [status, attempts])).toEqual([
    ['held', 1],
    ['held', 2],
    ['failed', 1],
  ]);
});

test('runChecks() asks again only when the rest still fits', async () => {
  const time = { nowMs: 0 };
  const checks = ['a', 'b', 'c', 'd', 'e'].map((id) => scripted(id, ['refused', 'refused'], time));
  const outcomes = await run(checks, time);
  // 50 s in all, of 60, and 4 s kept back: nothing fits twice.
  expect(outcomes.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
  expect(time.nowMs).toBe(50_000);
});

test('runChecks() takes an expected error for a failure and throws any other', async () => {
  const [lost] = await run([scripted('lost', [new HarnessError('target-lost', 'Gone.')])]);
  expect(lost.status).toBe('failed');
  expect(lost.findings[0].measured).toBe('Gone. [target-lost]');
  await expect(run([scripted('bug', [new TypeError('oops')])])).rejects.toThrow('oops');
});

test('runChecks() refuses what there is no time for, and stops at once when interrupted', async () => {
  const stop = new AbortController();
  stop.abort(new TimeOver('the time was over'));
  const [late] = await run([scripted('late', ['held'])], undefined, stop.signal);
  expect([late.status, late.healthReasons]).toEqual(['refused', ['the time was over']]);
  const interruption = new AbortController();
  interruption.abort(new Error('interrupted'));
  await expect(run([scripted('x', ['held'])], undefined, interruption.signal)).rejects.toThrow('interrupted');
});
