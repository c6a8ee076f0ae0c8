/** Trials with a stall, made by arithmetic and tampered with, shown to the judge of the margin. */
import { expect, test } from 'vitest';
import { trialResultOf } from '../../test/fixtures/trial-result.ts';
import { outcomeCode } from '../contract/outcome.ts';
import { marginScenario } from './check-margin.ts';
import { conclude } from './conclude.ts';
import { judgeMargin } from './judge-margin.ts';

const halfTripMs = 5;

/** What an exact machine would write down; `change` tampers with it. */
function trialOf(stallMs: number, change: { spare?: number; kill?: number; fresh?: number } = {}) {
  const { scenario } = marginScenario(stallMs);
  const { plan, frozenRow, probes, idleTimeoutMs } = scenario;
  const rows = plan.intendedNs.length;
  const at = plan.intendedNs.map((ns) => ns + halfTripMs * 1e6);
  const answeredNs = at.slice();
  const openRows = new Set(probes.map(({ openRow }) => openRow));
  for (const row of openRows) answeredNs[row] += 2 * halfTripMs * 1e6;
  answeredNs[frozenRow] = at[frozenRow] + stallMs * 1e6;
  const outcome = new Uint8Array(rows).fill(outcomeCode.ok);
  const reused = new Uint8Array(rows).fill(1);
  for (const { openRow, row } of probes) {
    if (answeredNs[openRow] + idleTimeoutMs * 1e6 < answeredNs[frozenRow])
      outcome[row] = outcomeCode['idle-race'];
  }
  if (change.spare !== undefined) outcome[probes[change.spare].row] = outcomeCode.ok;
  if (change.kill !== undefined) outcome[probes[change.kill].row] = outcomeCode['idle-race'];
  for (const { row } of probes.slice(0, change.fresh ?? 0)) reused[row] = 0;
  const trial = trialResultOf({
    generator: { requests: { outcome, reused } },
    target: { ledger: { answeredNs, noticedNs: at } },
  });
  return judgeMargin(scenario, trial);
}

const statusOf = (...args: Parameters<typeof trialOf>) => conclude([trialOf(...args).verdict], '').status;

test('judgeMargin() holds for what the idle timer says: none within the margin, some beyond', () => {
  expect([40, 80, 160, 240].map((stallMs) => statusOf(stallMs))).toEqual(['held', 'held', 'held', 'held']);
  expect([40, 80].map((stallMs) => trialOf(stallMs).died)).toEqual([0, 0]);
  expect(trialOf(160).died).toBeGreaterThan(5);
  expect(trialOf(240).died).toBeGreaterThan(trialOf(160).died);
});

test('judgeMargin() fails one request too many, within the margin or beyond it', () => {
  expect(statusOf(80, { kill: 30 })).toBe('failed');
  expect(statusOf(160, { kill: 59 })).toBe('failed');
});

test('judgeMargin() fails one request too few', () => {
  expect(statusOf(160, { spare: 0 })).toBe('failed');
});

test('judgeMargin() refuses when the machine was too late for most of them', () => {
  expect(statusOf(80, { fresh: 40 })).toBe('refused');
});
