/**
 * Looks for a second timeout behind the server that answers. A balancer that must open a new connection
 * to its server takes longer over the first request after it. A balancer's connections are shared, so the
 * whole server must be idle: one connection, one request at a time.
 *
 * Each sample is a difference: the first request after an idle time, less the faster of the two right after
 * it. One sample close to the longest idle time shows whether anything takes longer at all; only then the
 * idle time is bisected. Waking up also costs more after a longer sleep, but the cost grows slowly. A new connection
 * shows as a sudden step.
 */
import { median } from '../../base/statistics/quantile.ts';
import { errorOf } from './find-idle-timeout.ts';
import { pause } from './pause.ts';
import type { SecondHopFinding } from './probe-findings.ts';

export interface HopProbe {
  /** One request on the connection that is kept; null: no answer, or the budget is spent. */
  request(): Promise<{ readonly status: number; readonly tookMs: number } | null>;
  /** Idle timeout of the server itself, ms; null: none was found. */
  readonly frontMs: number | null;
  /** How far the server's idle timeout was looked for, ms. */
  readonly longestMs: number;
  readonly signs: readonly string[];
  readonly signal: AbortSignal;
  onProgress(step: string): void;
}

/** Samples of the shortest idle time. */
const controls = 8;
/** Longer than waking up costs more and more: a timeout behind it that is shorter is not seen. */
const controlIdleMs = 200;
/** Samples of each other idle time. */
const samples = 3;
/** Further samples on either side of a step that was found. */
const samplesAgain = 5;
/** Requests right after the first. */
const followers = 2;
/** No single wait is longer, ms. */
const idleMsMax = 60_000;
/** A step below this is less than a new connection costs, ms. */
const stepMsMin = 0.1;

export interface Stage {
  readonly idleMs: number;
  /** First request less the faster of the following, ms; sorted. */
  readonly extraMs: readonly number[];
}

interface Reach {
  readonly upToMs: number;
  /** Why not further. */
  readonly because: string;
}

/** How far to look: the connection to the server must live, since its own end would look like a step. */
export function reachOf({ frontMs, longestMs }: Pick<HopProbe, 'frontMs' | 'longestMs'>): Reach {
  const upToMs = Math.min((frontMs ?? longestMs) * 0.9, idleMsMax);
  if (upToMs === idleMsMax) return { upToMs, because: 'each longer try would take more than a minute' };
  return frontMs === null
    ? { upToMs, because: 'the probe waits no longer than --longest' }
    : { upToMs, because: 'the server itself closes soon after that' };
}

/** Of this many samples one may be an outlier. */
const samplesMany = 6;

/** The later stage is above the earlier, by more than nothing. */
export function isStep(before: Stage, after: Stage): boolean {
  const outliers = ({ extraMs }: Stage) => (extraMs.length >= samplesMany ? 1 : 0);
  const highest = before.extraMs.at(-1 - outliers(before)) ?? Number.POSITIVE_INFINITY;
  const lowest = after.extraMs.at(outliers(after)) ?? Number.NEGATIVE_INFINITY;
  return lowest > highest && median(after.extraMs) - median(before.extraMs) >= stepMsMin;
}

export async function findSecondHop(probe: HopProbe): Promise<SecondHopFinding> {
  const badGateways = new Set<number>();
  const { upToMs, because } = reachOf(probe);
  const measure = (idleMs: number, count: number) => measureStage(probe, idleMs, count, badGateways);
  const found = (
    says: SecondHopFinding['says'],
    why: string,
    step: Step | null = null,
  ): SecondHopFinding => ({
    says,
    timeoutMs: step?.timeoutMs ?? null,
    errorMs: step?.errorMs ?? null,
    stepMs: step?.stepMs ?? null,
    upToMs,
    badGatewaysAtMs: [...badGateways],
    signs: probe.signs,
    why,
  });
  if (upToMs < 2 * controlIdleMs) return found('cannot-tell', 'the connection does not live long enough');
  const control = await measure(controlIdleMs, controls);
  // One that took longer may be chance; two are not.
  let long = await measure(upToMs, 1);
  if (isWorthLooking(control, long)) long = joined(long, await measure(upToMs, samples - 1));
  if (control.extraMs.length < controls || long.extraMs.length === 0) {
    return found('cannot-tell', 'too few requests');
  }
  const limits = `looked up to an idle time of ${(upToMs / 1_000).toFixed(1)} s, because ${because}`;
  if (isWorthLooking(control, long)) {
    const step = await locate(control, long, measure);
    if (step !== null) return found('seen', 'the first request after this idle time takes longer', step);
  }
  if (badGateways.size > 0)
    return found('seen', 'the server answered with 502 to 504 for another server behind it');
  return found(
    'not-seen',
    `${limits}; a new connection that costs less than about ${resolutionOf(control).toFixed(2)} ms would not show`,
  );
}

/** @param badGateways Gets each idle time after which the first request alone was answered with 502 to 504. */
async function measureStage(
  probe: HopProbe,
  idleMs: number,
  count: number,
  badGateways: Set<number>,
): Promise<Stage> {
  probe.onProgress(`requests after ${(idleMs / 1_000).toFixed(2)} s`);
  const extraMs: number[] = [];
  for (let sample = 0; sample < count; sample++) {
    await pause(idleMs, probe.signal);
    const answers = [await probe.request()];
    for (let next = 0; next < followers; next++) answers.push(await probe.request());
    const [first, ...rest] = answers.filter((answer) => answer !== null);
    if (first === undefined || rest.length < followers) break;
    // If a server answers every request with such a status, the status does not depend on idle time.
    if (isBadGateway(first) && !rest.every(isBadGateway)) badGateways.add(Math.round(idleMs));
    extraMs.push(first.tookMs - Math.min(...rest.map(({ tookMs }) => tookMs)));
  }
  return { idleMs, extraMs: sorted(extraMs) };
}

function isBadGateway({ status }: { readonly status: number }): boolean {
  return [502, 503, 504].includes(status);
}

type Step = { readonly timeoutMs: number; readonly errorMs: number; readonly stepMs: number };

/** Bisects by the middle between short and long; null: it rises slowly, so nothing was connected. */
async function locate(
  control: Stage,
  long: Stage,
  measure: (idleMs: number, count: number) => Promise<Stage>,
): Promise<Step | null> {
  let [low, high] = [control, long];
  const middleMs = (median(control.extraMs) + median(long.extraMs)) / 2;
  while (high.idleMs - low.idleMs > 2 * errorOf(high.idleMs)) {
    const stage = await measure(Math.sqrt(low.idleMs * high.idleMs), samples);
    if (stage.extraMs.length < samples) return null;
    if (median(stage.extraMs) > middleMs) high = stage;
    else low = stage;
  }
  // Within the first stage it is waking up that costs more.
  if (low === control) return null;
  // Once more: what was chance does not come again.
  const again = [await measure(low.idleMs, samplesAgain), await measure(high.idleMs, samplesAgain)];
  [low, high] = [joined(low, again[0]), joined(high, again[1])];
  const stepMs = median(high.extraMs) - median(low.extraMs);
  if (!isStep(low, high) || stepMs < (median(long.extraMs) - median(control.extraMs)) / 2) return null;
  const timeoutMs = (low.idleMs + high.idleMs) / 2;
  return { timeoutMs, errorMs: Math.max(errorOf(timeoutMs), (high.idleMs - low.idleMs) / 2), stepMs };
}

function joined(one: Stage, more: Stage): Stage {
  return { idleMs: one.idleMs, extraMs: sorted([...one.extraMs, ...more.extraMs]) };
}

/** A smaller step looks like scatter: twice the distance from the median to the highest control but one. */
function resolutionOf({ extraMs }: Stage): number {
  return Math.max(stepMsMin, 2 * ((extraMs.at(-2) ?? 0) - median(extraMs)));
}

/** Bisection takes many times the idle timeout. */
function isWorthLooking(control: Stage, long: Stage): boolean {
  return isStep(control, long) && median(long.extraMs) - median(control.extraMs) >= resolutionOf(control);
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
