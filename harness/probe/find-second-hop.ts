/**
 * A second, different timeout behind the server that answers: a balancer that must open a new connection to its
 * server takes longer over the first request after it. One connection, one request at a time, since a balancer's
 * connections are shared: the whole server must have been idle from us.
 *
 * Each sample is a pair: the first request after an idle time, and one right after it. Their difference leaves out
 * what both have in common; what waking up costs grows slowly with the idle time, what connecting costs comes at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf } from './find-idle-timeout.ts';
import type { SecondHopFinding } from './probe-findings.ts';

export interface HopProbe {
  /** One request on the connection that is kept; null: no answer, or the budget is spent. */
  request(): Promise<{ readonly status: number; readonly tookMs: number } | null>;
  /** Longest idle time that the front connection survives, ms. */
  readonly longestMs: number;
  readonly signs: readonly string[];
  onProgress(text: string): void;
}

/** Pairs at each idle time: with as few, that all of one are above all of the other is chance once in 252. */
const pairs = 5;
/** Time that all waiting may take, ms. */
const patienceMs = 75_000;
/** A step below this is nothing that a new connection would cost, ms. */
const stepMsMin = 0.02;

export interface Stage {
  readonly idleMs: number;
  /** First request less the next, ms; sorted. */
  readonly extraMs: readonly number[];
}

/** All of the later stage above all of the earlier, and not by nothing. */
export function isStep(before: Stage, after: Stage): boolean {
  const highest = before.extraMs.at(-1) ?? Number.POSITIVE_INFINITY;
  const lowest = after.extraMs[0] ?? Number.NEGATIVE_INFINITY;
  return lowest > highest && median(after.extraMs) - median(before.extraMs) >= stepMsMin;
}

/** Idle times from 100 ms on, half as long again each time, as far as connection and patience allow. */
export function idleStages(longestMs: number): number[] {
  const stages: number[] = [];
  let waitedMs = 0;
  for (let idleMs = 100; idleMs < longestMs && waitedMs < patienceMs; idleMs *= 1.5) {
    stages.push(idleMs);
    waitedMs += idleMs * pairs;
  }
  return stages;
}

export async function findSecondHop(probe: HopProbe): Promise<SecondHopFinding> {
  const { signs } = probe;
  const badGateways = new Set<number>();
  const measure = async (idleMs: number): Promise<Stage | null> => {
    const extraMs: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      await sleep(idleMs);
      const first = await probe.request();
      const next = await probe.request();
      if (first === null || next === null) return null;
      if ([502, 503, 504].includes(first.status)) badGateways.add(Math.round(idleMs));
      extraMs.push(first.tookMs - next.tookMs);
    }
    return { idleMs, extraMs: extraMs.sort((a, b) => a - b) };
  };
  const found = (
    says: SecondHopFinding['says'],
    why: string,
    step: Pick<SecondHopFinding, 'timeoutMs' | 'errorMs' | 'stepMs'> | null = null,
  ): SecondHopFinding => ({
    says,
    timeoutMs: step?.timeoutMs ?? null,
    errorMs: step?.errorMs ?? null,
    stepMs: step?.stepMs ?? null,
    badGatewaysAtMs: [...badGateways],
    signs,
    why,
  });
  const stages: Stage[] = [];
  for (const idleMs of idleStages(probe.longestMs)) {
    probe.onProgress(`second hop: idle for ${(idleMs / 1_000).toFixed(2)} s`);
    const stage = await measure(idleMs);
    if (stage === null) break;
    stages.push(stage);
    const jump = stepIn(stages);
    if (jump === null) continue;
    // Once more, and later: what was chance does not come again.
    const again = await measure(stage.idleMs);
    if (again === null || !isStep(jump.before, again)) continue;
    const bracket = await bisect(jump.before, again, measure, probe.onProgress);
    const timeoutMs = (bracket.before.idleMs + bracket.after.idleMs) / 2;
    const errorMs = Math.max(errorOf(timeoutMs), (bracket.after.idleMs - bracket.before.idleMs) / 2);
    const stepMs = median(jump.after.extraMs) - median(jump.before.extraMs);
    return found('seen', 'the first request after this idle time takes longer, each time', {
      timeoutMs,
      errorMs,
      stepMs,
    });
  }
  if (stages.length < 2)
    return found('cannot-tell', 'too few requests, or the connection does not live long enough');
  if (badGateways.size > 0) return found('seen', 'the server answered for somebody behind it');
  const upTo = stages[stages.length - 1].idleMs;
  return found(
    'not-seen',
    `no step in the response time up to an idle time of ${(upTo / 1_000).toFixed(1)} s`,
  );
}

/** The newest stage against the one before the last but one, so that a slow rise is no step. */
function stepIn(stages: readonly Stage[]): { before: Stage; after: Stage } | null {
  const after = stages.at(-1);
  const before = stages.at(-2);
  if (after === undefined || before === undefined || !isStep(before, after)) return null;
  // Waking up costs more after a longer sleep: a step must be larger than all rises before it together.
  const rises = stages
    .slice(1, -1)
    .map(({ extraMs }, index) => median(extraMs) - median(stages[index].extraMs));
  const risen = rises.reduce((sum, rise) => sum + Math.max(0, rise), 0);
  return median(after.extraMs) - median(before.extraMs) > risen ? { before, after } : null;
}

async function bisect(
  before: Stage,
  after: Stage,
  measure: (idleMs: number) => Promise<Stage | null>,
  onProgress: (text: string) => void,
): Promise<{ before: Stage; after: Stage }> {
  let [low, high] = [before, after];
  const middleMs = (median(before.extraMs) + median(after.extraMs)) / 2;
  for (let round = 0; round < 6 && high.idleMs - low.idleMs > 2 * errorOf(high.idleMs); round++) {
    onProgress(`second hop: between ${low.idleMs.toFixed(0)} and ${high.idleMs.toFixed(0)} ms`);
    const stage = await measure((low.idleMs + high.idleMs) / 2);
    if (stage === null) break;
    if (median(stage.extraMs) > middleMs) high = stage;
    else low = stage;
  }
  return { before: low, after: high };
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
