/**
 * Compares the outcome of each request that met a stall with the outcome that the idle timer predicts. Pure.
 *
 * The target stalls from F to F'. A request that arrives in that time is read after F'. By then the idle timer
 * of the connection, due T after the last answer, has expired or not. So the request fails iff
 * `answered + T < F'`, with both moments on the target's clock. The margin M decides whether that can happen:
 * a request sent at an age below T − M arrives at least M − R/2 before the timer is due, so a shorter stall
 * fails no request.
 */
import { nsPerMs } from '../base/units.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { outcomeCode } from '../contract/outcome.ts';
import type { TrialResult } from '../contract/trial.ts';
import type { Finding } from './check.ts';
import { equalFinding, lostVerdict } from './common-findings.ts';
import type { Verdict } from './conclude.ts';
import { complaints, lawsFinding, strain } from './laws-finding.ts';

export interface MarginScenario {
  readonly plan: LoadPlan;
  readonly idleTimeoutMs: number;
  readonly marginMs: number;
  readonly stallMs: number;
  /** The row that the target stands still for. */
  readonly frozenRow: number;
  /** Rows of the request that opens a connection, and of the one that meets the stall. */
  readonly probes: readonly { readonly openRow: number; readonly row: number }[];
}

export interface MarginVerdict {
  readonly verdict: Verdict;
  readonly died: number;
  readonly looked: number;
}

/** Between the idle timer's moment and its act, the loop has other things to do, ms. */
const timerMs = 3;
const lookedShareMin = 0.5;

export function judgeMargin(scenario: MarginScenario, trial: TrialResult): MarginVerdict {
  const { generator, target } = trial;
  const { stallMs, marginMs, probes } = scenario;
  const where = `with a stall of ${stallMs} ms`;
  if (generator === null || target === null) {
    return { verdict: lostVerdict(trial, where), died: 0, looked: 0 };
  }
  const { outcome, reused } = generator.requests;
  const { answeredNs, noticedNs } = target.ledger;
  const endNs = answeredNs[scenario.frozenRow];
  const stalledMs = (endNs - noticedNs[scenario.frozenRow]) / nsPerMs;
  // A connection that was too old for the margin by the time of sending was not used: a late machine.
  const looked = probes.filter(({ row }) => reused[row] === 1);
  const died = looked.filter(({ row }) => outcome[row] === outcomeCode['idle-race']);
  const leftMs = ({ openRow }: (typeof probes)[number]) =>
    (answeredNs[openRow] - endNs) / nsPerMs + scenario.idleTimeoutMs;
  const tooSoon = died.filter((probe) => leftMs(probe) > timerMs);
  const spared = looked.filter((probe) => leftMs(probe) < -timerMs && !died.includes(probe));
  const isWithin = stallMs < marginMs;
  const findings: Finding[] = [
    equalFinding(`requests ${where} that failed although the idle timer had time left`, tooSoon.length, 0),
    equalFinding(
      `requests ${where} that were answered although the idle timer had expired`,
      spared.length,
      0,
    ),
    {
      what: `requests that failed ${where}, with a margin of ${marginMs} ms`,
      expected: isWithin ? '0' : 'at least 1',
      measured: `${died.length}`,
      held: isWithin === (died.length === 0),
    },
    lawsFinding(trial, where),
  ];
  const fewLooked = looked.length < probes.length * lookedShareMin;
  return {
    verdict: {
      findings,
      unhealthy: fewLooked
        ? [`${where}: only ${looked.length} of ${probes.length} requests went out in time`]
        : [],
      // What becomes of a request is exact on any machine, so slowness matters only where something is wrong.
      slowness: [
        ...complaints(trial),
        ...strain(trial),
        ...(stalledMs > stallMs * 1.1 ? [`the target stalled for ${stalledMs.toFixed(0)} ms`] : []),
      ].map((why) => `${where}: ${why}`),
    },
    died: died.length,
    looked: looked.length,
  };
}
