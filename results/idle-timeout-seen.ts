/**
 * Compares the server's idle timeout as the client saw it with the configured one. The evidence is the idle ages at
 * which the server closed connections, and those at which a reuse succeeded.
 *
 * With the right T, nearly every connection that is idle for longer than T plus the window is closed
 * before its next request. Successes beyond it, or closes at other ages, show that T is wrong. A
 * single stall causes some of either, so they count only if there are more of them than closes at T. Not used:
 * unhealthy trials, trials whose policy changes the server's timeout, targets that commit faults, and scenarios
 * with a balancer.
 */
import {
  countBelow,
  countOf,
  countUpTo,
  maxOf,
  type Times,
  timesOf,
} from '../harness/base/statistics/times.ts';
import { formatDuration, nsPerMs } from '../harness/base/units.ts';
import { outcomeCode } from '../harness/contract/outcome.ts';
import type { Policy } from '../harness/contract/policy.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import {
  type ConnectionColumns,
  closeCauses,
  type GeneratorReport,
  type RequestColumns,
} from '../harness/contract/samples.ts';
import type { IdleTimeoutSeen } from '../harness/contract/summary.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { largest } from './pooled.ts';
import { pooledValueAt } from './statistics/pooled-quantile.ts';

/** Fewer than this many observations of a kind show nothing. */
const observationsMin = 3;

/** How far from a timeout an age may be and still agree with it, beside the round trip: timers in steps, lags. */
function toleranceMs({ network }: ScenarioConfig, timeoutMs: number): number {
  return network.rttMs + Math.max(20, 0.05 * timeoutMs);
}

/** Of one trial: at which idle ages the server closed connections, and at which a reuse succeeded, ms. */
export interface IdleAges {
  readonly closesMs: Times;
  readonly reusesMs: Times;
}

interface Aged {
  readonly trial: Pick<TrialResult, 'identity' | 'health'>;
  readonly idleAges: IdleAges | null;
}

export function idleTimeoutSeen(scenario: ScenarioConfig, trials: readonly Aged[]): IdleTimeoutSeen {
  const { target, via } = scenario;
  const configuredMs = target.idleTimeoutMs;
  const faulty = 'faults' in target && Object.keys(target.faults).length > 0;
  const ages = via !== null || faulty ? [] : trials.flatMap((trial) => countedAges(trial, configuredMs));
  const closesMs = ages.map((one) => one.closesMs);
  const sum = (of: (one: IdleAges) => number) => ages.reduce((all, one) => all + of(one), 0);
  const reusesBeyond = (ms: number) => sum(({ reusesMs }) => countOf(reusesMs) - countUpTo(reusesMs, ms));
  const aroundMs = configuredMs ?? Number.POSITIVE_INFINITY;
  const asideMs = toleranceMs(scenario, configuredMs ?? 0);
  const jitterMs = target.kind === 'embedded' ? target.idleJitterMs : 0;
  const latestMs = aroundMs + jitterMs + asideMs;
  const closes = sum((one) => countOf(one.closesMs));
  const early = sum((one) => countBelow(one.closesMs, aroundMs - asideMs));
  const late = closes - sum((one) => countUpTo(one.closesMs, latestMs));
  const closesAsConfigured = closes - early - late;
  // A server that looks for idle connections once a second closes some at T and the others up to a second later.
  const closesFromThere = closesAsConfigured >= observationsMin;
  const elsewhere = closesFromThere ? early : early + late;
  const outweighs = (count: number) => count >= observationsMin && count > closesAsConfigured;
  const middle = Math.floor(elsewhere / 2);
  const rank = 1 + (middle < early ? middle : closesAsConfigured + middle);
  const middleMs =
    elsewhere === 0 ? null : pooledValueAt(closesMs, new Uint8Array(ages.length).fill(1), rank);
  // A server that closes for another reason also answers at longer idle ages.
  const survivors = middleMs === null ? 0 : reusesBeyond(middleMs + toleranceMs(scenario, middleMs));
  const seen = outweighs(elsewhere) && survivors < elsewhere;
  return {
    configuredMs,
    differs: seen || (!closesFromThere && outweighs(reusesBeyond(latestMs))),
    seenMs: seen ? middleMs : null,
    evidence: {
      closes,
      closesAsConfigured,
      reusesBeyond: reusesBeyond(latestMs),
      longestReuseMs: largest(ages.map(({ reusesMs }) => maxOf(reusesMs))),
    },
  };
}

function countedAges(
  { trial: { health, identity }, idleAges }: Aged,
  configuredMs: number | null,
): IdleAges[] {
  const isCounted = health.ok && identity.policy.server.idleTimeoutMs === configuredMs;
  return isCounted && idleAges !== null ? [idleAges] : [];
}

/**
 * Why there is no verdict on a strategy that drops connections by their idle age; null where the configured
 * timeout was not contradicted, and for any other strategy.
 */
export function evictionInDoubt(
  { differs, seenMs, configuredMs, evidence }: IdleTimeoutSeen,
  { connection }: Policy,
): string | null {
  if (!differs || (connection.idleTimeoutMs === null && connection.hintMarginMs === null)) return null;
  const round = (ms: number | null) => (ms === null ? 'none' : formatDuration(Math.round(ms)));
  const instead = seenMs === null ? `above ${round(evidence.longestReuseMs)}` : round(seenMs);
  return `the server’s idle timeout seems to be ${instead}, not ${round(configuredMs)}`;
}

export function idleAgesOf({ requests, connections }: GeneratorReport): IdleAges {
  return { closesMs: closeAges(requests, connections), reusesMs: reuseAges(requests) };
}

/** From the last answer read on a connection to the server's close of it. */
function closeAges(requests: RequestColumns, { closedNs, cause }: ConnectionColumns): Times {
  const readNs = new Float64Array(closedNs.length).fill(Number.NaN);
  const { doneNs, connection } = requests;
  for (let row = 0; row < doneNs.length; row++) {
    // NaN is never the smaller one.
    if (isAnswered(requests, row) && !(readNs[connection[row]] >= doneNs[row])) {
      readNs[connection[row]] = doneNs[row];
    }
  }
  const idle = closeCauses.indexOf('server-idle');
  const agesMs = closedNs.map((ns, row) => (cause[row] === idle ? (ns - readNs[row]) / nsPerMs : Number.NaN));
  return timesOf(agesMs.filter((ms) => !Number.isNaN(ms)));
}

/** First attempts that were answered on a connection that had been idle. */
function reuseAges(requests: RequestColumns): Times {
  const { idleAgeNs, reused, attempts } = requests;
  const agesMs = new Float64Array(idleAgeNs.length);
  let count = 0;
  for (let row = 0; row < idleAgeNs.length; row++) {
    const isReuse = reused[row] === 1 && attempts[row] === 1 && idleAgeNs[row] > 0;
    if (isReuse && isAnswered(requests, row)) agesMs[count++] = idleAgeNs[row] / nsPerMs;
  }
  return timesOf(agesMs.subarray(0, count));
}

function isAnswered({ outcome }: RequestColumns, row: number): boolean {
  return outcome[row] === outcomeCode.ok || outcome[row] === outcomeCode.status;
}
