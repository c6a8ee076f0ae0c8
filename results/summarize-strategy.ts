/** One strategy in one scenario: its healthy trials pooled, with intervals from its rounds. */
import {
  countOf,
  maxOf,
  noTimes,
  quantileOf,
  resolutionOf,
  type Times,
  withEndless,
} from '../harness/base/statistics/times.ts';
import { noEstimate } from '../harness/contract/estimate.ts';
import { outcomes } from '../harness/contract/outcome.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type {
  Estimate,
  Percentiles,
  RateEstimate,
  StrategySummary,
  SuccessPercentile,
  TrialSummary,
} from '../harness/contract/summary.ts';
import { type CountedTrial, flightsMax, type HealthyTrial, isHealthy } from './counted-trial.ts';
import { cpuStepMs } from './cpu-step.ts';
import type { TrialDigest } from './digest-trial.ts';
import { pooledHop } from './hop.ts';
import { largest, perThousand, pooledPercentile, total } from './pooled.ts';
import { predictStrategy, type ReplayedRows } from './predict-strategy.ts';
import { bootstrapInterval } from './statistics/bootstrap-rounds.ts';
import { clusteredRate, type TrialCount } from './statistics/clustered-rate.ts';
import { pooledQuantile } from './statistics/pooled-quantile.ts';

type Named = Pick<StrategySummary, 'id' | 'label' | 'title'>;

export function summarizeStrategy(
  named: Named,
  counted: readonly CountedTrial[],
  scenario: ScenarioConfig,
  seed: number,
  replayed: ReplayedRows,
): Omit<StrategySummary, 'versusReference'> {
  const healthy = counted.filter(isHealthy);
  const digests = healthy.map(({ digest }) => digest);
  const sum = (of: (digest: TrialDigest) => number) => digests.reduce((all, digest) => all + of(digest), 0);
  const started = sum((digest) => digest.started);
  const opened = sum((digest) => digest.connectionsOpened);
  const attempts = sum((digest) => digest.attempts);
  const { prediction, lawCheck, byTrial } = predictStrategy(counted, scenario, seed, replayed);
  return {
    ...named,
    policy: counted[0].trial.identity.policy,
    requests: {
      scheduled: sum((digest) => digest.scheduled),
      started,
      dropped: sum((digest) => digest.outcomes.dropped ?? 0),
      ok: sum((digest) => digest.ok),
      failed: sum((digest) => digest.failed),
    },
    attempts: { total: attempts, retries: sum((digest) => digest.retries) },
    ledger: pooledLedger(digests),
    hop: pooledHop(digests.map(({ hop }) => hop)),
    outcomes: pooledCounts(digests.map((digest) => digest.outcomes)),
    deaths: pooledCounts(digests.map((digest) => digest.deaths)),
    // A request that was scheduled and never sent failed too.
    errorRate: rateOf(digests.map(({ ok, scheduled }) => ({ failed: scheduled - ok, started: scheduled }))),
    raceRate: rateOf(digests.map(({ raced, started: of }) => ({ failed: raced, started: of }))),
    answeredPerSecond: bootstrapInterval(
      (weights) =>
        perThousand(
          digests.map(({ ok }) => ok),
          digests.map(({ measuredMs }) => measuredMs),
          weights,
        ),
      digests.length,
      { scale: 'log', seed },
    ),
    prediction,
    lawCheck,
    responseTimeMs: percentiles(
      digests.map((digest) => digest.responseMs),
      seed,
    ),
    serviceTimeMs: percentiles(
      digests.map((digest) => digest.serviceMs),
      seed,
    ),
    timeToSuccessMs: successPercentiles(digests, seed),
    responseTimeCurve: percentileCurve(digests.map((digest) => digest.responseMs)),
    latenessMs: latenessOf(digests),
    connections: {
      opened,
      requestsPerConnection: opened === 0 ? null : attempts / opened,
      openMax: largest(digests.map((digest) => digest.openMax)) ?? 0,
      freshShare: started === 0 ? null : sum((digest) => digest.fresh) / started,
      openedPer1000Requests: perThousandEstimate(
        digests.map((digest) => digest.connectionsOpened),
        digests,
        seed,
      ),
    },
    server: serverOf(healthy, seed),
    kernel: {
      timeWaitMax: largest(healthy.map(({ cost }) => cost.timeWaitMax)),
      socketMemoryBytesMax: largest(healthy.map(({ cost }) => cost.socketMemoryBytesMax)),
      tcpProbesSent: total(healthy.map(({ cost }) => cost.tcpProbesSent)),
    },
    generator: {
      cpuShare: largest(digests.map(({ cpuShare }) => cpuShare)),
      eventLoopDelayMsP99: largest(digests.map((digest) => digest.eventLoopDelayMsP99)),
    },
    trials: counted.map((one) => trialSummary(one, byTrial.get(one.trial.identity.id) ?? null)),
    windows: counted.flatMap(({ windows }) => windows),
    flights: healthy.flatMap(({ flights }) => flights).slice(0, flightsMax),
  };
}

function serverOf(healthy: readonly HealthyTrial[], seed: number): StrategySummary['server'] {
  const digests = healthy.map(({ digest }) => digest);
  const answered = digests.reduce((all, { ok }) => all + ok, 0);
  const cpuMs = healthy.map(({ cost }) => cost.cpuMs);
  const known = cpuMs.filter((ms) => ms !== null);
  const per1000 = (sum: number | null) => (sum === null || answered === 0 ? null : (sum / answered) * 1_000);
  return {
    cpuMsPer1000Requests:
      known.length < cpuMs.length || answered === 0 ? noEstimate : cpuPerThousand(known, digests, seed),
    cpuUserMsPer1000Requests: per1000(total(healthy.map(({ cost }) => cost.cpuUserMs))),
    cpuSystemMsPer1000Requests: per1000(total(healthy.map(({ cost }) => cost.cpuSystemMs))),
    contextSwitchesPer1000Requests: per1000(total(healthy.map(({ cost }) => cost.contextSwitches))),
    rssBytesMax: largest(healthy.map(({ cost }) => cost.rssBytesMax)),
    connectionsOpenMax: largest(healthy.map(({ cost }) => cost.connectionsOpenMax)),
    connectionsAccepted: total(healthy.map(({ target }) => target?.connectionsAccepted ?? null)),
    fdsMax: largest(healthy.map(({ cost }) => cost.fdsMax)),
    eventLoopDelayMsP99: largest(healthy.map(({ target }) => target?.eventLoopDelayMsP99 ?? null)),
  };
}

/** Rounds that agree to the tick may all be off by half of one, to the same side. */
export function cpuPerThousand(
  cpuMs: readonly number[],
  digests: readonly TrialDigest[],
  seed: number,
): Estimate {
  const { estimate, low, high } = perThousandEstimate(cpuMs, digests, seed);
  if (estimate === null || low === null || high === null) return { estimate, low, high };
  const half = (estimate * cpuStepMs(cpuMs) * cpuMs.length) / 2 / (total(cpuMs) ?? Number.NaN);
  return { estimate, low: Math.min(low, estimate - half), high: Math.max(high, estimate + half) };
}

export function perThousandEstimate(
  amounts: readonly number[],
  digests: readonly TrialDigest[],
  seed: number,
): Estimate {
  const answered = digests.map((digest) => digest.ok);
  return bootstrapInterval((weights) => perThousand(amounts, answered, weights), amounts.length, {
    scale: 'log',
    seed,
  });
}

function percentiles(rounds: readonly Times[], seed: number): Percentiles {
  return {
    p50: percentileOf(rounds, 0.5, seed),
    p90: percentileOf(rounds, 0.9, seed),
    p99: percentileOf(rounds, 0.99, seed),
    p999: percentileOf(rounds, 0.999, seed),
    max: largest(rounds.map(maxOf)),
  };
}

/** Rounds whose percentiles lie in one bucket may all be off by half of it, to the same side. */
export function percentileOf(rounds: readonly Times[], p: number, seed: number): Estimate {
  const { estimate, low, high } = bootstrapInterval(
    (weights) => pooledPercentile(rounds, weights, p),
    rounds.length,
    { scale: 'log', seed },
  );
  if (estimate === null || low === null || high === null) return { estimate, low, high };
  const half = Math.max(...rounds.map(resolutionOf)) / 2;
  return { estimate, low: low * (1 - half), high: high * (1 + half) };
}

/** Failed requests never succeed, so a percentile beyond the answered share is not reached. */
function successPercentiles(
  digests: readonly TrialDigest[],
  seed: number,
): StrategySummary['timeToSuccessMs'] {
  const rounds = digests.map(({ responseMs, scheduled, ok }) => withEndless(responseMs, scheduled - ok));
  const at = (p: number): SuccessPercentile => {
    const pooled = pooledPercentile(rounds, new Uint8Array(rounds.length).fill(1), p);
    if (pooled === Number.POSITIVE_INFINITY) return { ...noEstimate, reached: false };
    return { ...percentileOf(rounds, p, seed), reached: true };
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** Where nothing happened, an upper bound needs independence, or speaks of rounds: `1 − 0.05^(1/rounds)`. */
export function rateOf(trials: readonly TrialCount[]): RateEstimate {
  const rate = clusteredRate(trials);
  if (rate.estimate !== 0) return { ...rate, none: null };
  const requests = trials.reduce((sum, { started }) => sum + started, 0);
  const rounds = trials.filter(({ started }) => started > 0).length;
  return { ...rate, none: { requests, rounds, badRoundShareHigh: 1 - 0.05 ** (1 / rounds) } };
}

/** Evenly spaced on the nines axis: 1 − 10^−x, up to the last sample. */
function percentileCurve(rounds: readonly Times[]): StrategySummary['responseTimeCurve'] {
  const samples = rounds.reduce((sum, times) => sum + countOf(times), 0);
  if (samples === 0) return [];
  const weights = new Uint8Array(rounds.length).fill(1);
  const steps = Math.floor(Math.log10(samples) * 20);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const p = 1 - 10 ** (-step / 20);
    return { percentile: p * 100, ms: pooledQuantile(rounds, weights, p) ?? 0 };
  });
}

function latenessOf(digests: readonly TrialDigest[]): StrategySummary['latenessMs'] {
  const rounds = digests.map((digest) => digest.latenessMs);
  const weights = new Uint8Array(rounds.length).fill(1);
  const max = largest(rounds.map(maxOf));
  if (max === null) return { p50: null, p99: null, max: null };
  return { p50: pooledQuantile(rounds, weights, 0.5), p99: pooledQuantile(rounds, weights, 0.99), max };
}

function pooledLedger(digests: readonly TrialDigest[]): StrategySummary['ledger'] {
  const pooled = { lost: 0, executedButFailed: 0, executedTwice: 0 };
  for (const { ledger } of digests) {
    if (ledger === null) return null;
    pooled.lost += ledger.lost;
    pooled.executedButFailed += ledger.executedButFailed;
    pooled.executedTwice += ledger.executedTwice;
  }
  return digests.length === 0 ? null : pooled;
}

function pooledCounts(counts: readonly TrialDigest['outcomes'][]): TrialDigest['outcomes'] {
  const pooled: TrialDigest['outcomes'] = {};
  for (const outcome of outcomes) {
    const sum = counts.reduce((all, one) => all + (one[outcome] ?? 0), 0);
    if (sum > 0) pooled[outcome] = sum;
  }
  return pooled;
}

function trialSummary(counted: CountedTrial, predictedRaceProbability: number | null): TrialSummary {
  const { trial, digest, cost } = counted;
  const { cpuMs } = cost;
  const answered = digest?.ok ?? 0;
  const { responseMs = noTimes, latenessMs = noTimes } = digest ?? {};
  return {
    round: trial.identity.round,
    order: trial.identity.order,
    planFingerprint: trial.identity.planFingerprint,
    file: `trials/${trial.identity.id}.samples`,
    health: {
      ok: trial.health.ok,
      reasons: trial.health.reasons,
      readings: trial.health.readings,
    },
    laws: trial.health.laws,
    outcomes: digest?.outcomes ?? {},
    requests: {
      scheduled: digest?.scheduled ?? null,
      started: digest?.started ?? null,
      ok: digest?.ok ?? null,
      failed: digest?.failed ?? null,
    },
    retries: digest?.retries ?? null,
    idleRaces: digest === null ? null : (digest.deaths['idle-race'] ?? 0),
    responseTimeMs: {
      p50: quantileOf(responseMs, 0.5),
      p99: quantileOf(responseMs, 0.99),
      max: maxOf(responseMs),
    },
    latenessMsP99: quantileOf(latenessMs, 0.99),
    connectionsOpened: digest?.connectionsOpened ?? null,
    serverCpuMsPer1000Requests: cpuMs === null || answered === 0 ? null : (cpuMs / answered) * 1_000,
    serverRssBytesMax: cost.rssBytesMax,
    predictedRaceProbability,
  };
}
