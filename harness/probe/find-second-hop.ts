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
  const seenBetween = ({ before, after }: { before: Stage; after: Stage }, stepMs: number) => {
    const timeoutMs = (before.idleMs + after.idleMs) / 2;
    const errorMs = Math.max(errorOf(timeoutMs), (after.idleMs - before.idleMs) / 2);
    const why = 'the first request after this idle time takes longer, each time';
    return found('seen', why, { timeoutMs, errorMs, stepMs });
  };
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
    const middleMs = (median(jump.before.extraMs) + median(again.extraMs)) / 2;
    const stepMs = median(jump.after.extraMs) - median(jump.before.extraMs);
    return seenBetween(await bisect(jump.before, again, middleMs, measure, probe.onProgress), stepMs);
  }
  const small = changePoint(stages);
  if (small !== null) {
    probe.onProgress('second hop: a small step, once more');
    const { middleMs, stepMs } = small;
    const [below, above] = [await measure(small.before.idleMs), await measure(small.after.idleMs)];
    const comesAgain =
      below !== null &&
      above !== null &&
      median(below.extraMs) < middleMs &&
      median(above.extraMs) > middleMs;
    if (comesAgain) {
      const { before, after } = small;
      return seenBetween(await bisect(before, after, middleMs, measure, probe.onProgress), stepMs);
    }
  }
  if (stages.length < 2)
    return found('cannot-tell', 'too few requests, or the connection does not live long enough');
  if (badGateways.size > 0) return found('seen', 'the server answered for somebody behind it');
  const upTo = stages[stages.length - 1].idleMs;
  return found(
    'not-seen',
    `no step in the response time up to an idle time of ${(upTo / 1_000).toFixed(1)} s; one below some ${resolutionOf(stages).toFixed(2)} ms would not show`,
  );
}

/** Twice the widest middle half of a stage: what scatter alone can look like. */
function resolutionOf(stages: readonly Stage[]): number {
  const widths = stages.map(({ extraMs }) => (extraMs.at(-2) ?? 0) - (extraMs.at(1) ?? 0));
  return 2 * median(widths.sort((a, b) => a - b));
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

/** Stages on either side of a change point. */
const stagesPerSide = 3;
/** Of the rank sums, so that chance is below one in 100,000, over all places where it may lie. */
const zMin = 4.5;

interface ChangePoint {
  readonly before: Stage;
  readonly after: Stage;
  readonly middleMs: number;
  readonly stepMs: number;
}

/**
 * A step that is small beside the scatter: all samples before it against all after it, by the rank-sum test
 * (Mann and Whitney 1947), where it is clearest. A slow rise is none: the medians of each side must lie closer
 * together, by their median deviations, than a third of the step.
 */
export function changePoint(stages: readonly Stage[]): ChangePoint | null {
  let best: { at: number; z: number } | null = null;
  for (let at = stagesPerSide; at <= stages.length - stagesPerSide; at++) {
    const z = rankSumZ(samplesOf(stages.slice(0, at)), samplesOf(stages.slice(at)));
    if (best === null || z > best.z) best = { at, z };
  }
  if (best === null || best.z < zMin) return null;
  const sides = [stages.slice(0, best.at), stages.slice(best.at)];
  const medians = sides.map((side) => side.map(({ extraMs }) => median(extraMs)).sort((a, b) => a - b));
  const [low, high] = medians.map(median);
  const scatter = medians.map((side, index) => {
    const middle = [low, high][index];
    return median(side.map((one) => Math.abs(one - middle)).sort((a, b) => a - b));
  });
  if (high - low < 3 * (scatter[0] + scatter[1])) return null;
  const [before, after] = [stages[best.at - 1], stages[best.at]];
  return { before, after, middleMs: (low + high) / 2, stepMs: high - low };
}

function samplesOf(stages: readonly Stage[]): number[] {
  return stages.flatMap(({ extraMs }) => [...extraMs]);
}

/** How many standard deviations more often than by chance the later sample is the larger one. */
function rankSumZ(earlier: readonly number[], later: readonly number[]): number {
  const [m, n] = [earlier.length, later.length];
  let wins = 0;
  for (const a of earlier) for (const b of later) wins += b > a ? 1 : b === a ? 0.5 : 0;
  return (wins - (m * n) / 2) / Math.sqrt((m * n * (m + n + 1)) / 12);
}

async function bisect(
  before: Stage,
  after: Stage,
  middleMs: number,
  measure: (idleMs: number) => Promise<Stage | null>,
  onProgress: (text: string) => void,
): Promise<{ before: Stage; after: Stage }> {
  let [low, high] = [before, after];
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
