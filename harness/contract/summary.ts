/**
 * `summary.json`: the one document that every report reads. Versioned; add fields freely, bump
 * `schemaVersion` when one changes its meaning or goes.
 *
 * null means "not available" or "not enough data for it", never 0. All shares and rates are
 * between 0 and 1. The unit stands last in each name.
 */
import type { Estimate, Percentiles, RateEstimate, SuccessPercentiles } from './estimate.ts';
import type { Flight } from './flight.ts';
import type { HealthReadings } from './health.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { IdleTimeoutSeen, RacePredictionSummary } from './race-summary.ts';
import type { RunConfig, ScenarioConfig } from './run-config.ts';
import type { ComparedMetric, Inference, Stopped, Verdict } from './verdict.ts';
import type { Warning } from './warning.ts';

export type * from './estimate.ts';
export type { RaceRow } from './race-row.ts';
export type { IdleTimeoutSeen, RacePredictionSummary, RaceWindow } from './race-summary.ts';
export * from './verdict.ts';
export type { Warning } from './warning.ts';

export const summarySchemaVersion = 2;

/** One second (or less, the last) of the measured time of one trial. */
export interface Window {
  readonly round: number;
  /** Seconds from the start of the measured time. */
  readonly second: number;
  readonly requests: number;
  readonly ok: number;
  readonly failed: number;
  readonly retries: number;
  readonly idleRaces: number;
  readonly responseTimeMsP50: number | null;
  readonly responseTimeMsP99: number | null;
  readonly responseTimeMsMax: number | null;
  /** As the generator counts them, at the end of the window. */
  readonly connectionsOpen: number;
  readonly connectionsOpened: number;
  /** As the target counts them: open at the end of the window, accepted within it. */
  readonly serverConnectionsOpen: number | null;
  readonly serverConnectionsAccepted: number | null;
  readonly serverCpuShare: number | null;
  readonly serverRssBytes: number | null;
}

/** What one trial said; every figure over the measured time only. */
export interface TrialSummary {
  readonly round: number;
  /** Position in the round's order, from 1. */
  readonly order: number;
  readonly planFingerprint: string;
  /** Samples, relative to the run folder. */
  readonly file: string;
  /** Not ok: marked, left out of every estimate. */
  readonly health: {
    readonly ok: boolean;
    readonly reasons: readonly string[];
    readonly readings: HealthReadings;
  };
  /** Conservation laws, over the whole trial with its warm-up; each holds when left = right. */
  readonly laws: readonly { readonly law: string; readonly left: number; readonly right: number }[];
  readonly outcomes: Partial<Record<Outcome, number>>;
  /** All null of a trial that was cut short, as are the counts below. */
  readonly requests: {
    readonly scheduled: number | null;
    readonly started: number | null;
    readonly ok: number | null;
    readonly failed: number | null;
  };
  readonly retries: number | null;
  readonly idleRaces: number | null;
  readonly responseTimeMs: {
    readonly p50: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  readonly latenessMsP99: number | null;
  readonly connectionsOpened: number | null;
  readonly serverCpuMsPer1000Requests: number | null;
  readonly serverRssBytesMax: number | null;
  /** Race probability predicted for this trial's plan with the lags of the strategy's other rounds, healthy ones first; null with a single one. */
  readonly predictedRaceProbability: number | null;
}

/** Between balancer and target; sum over the healthy trials, measured time only. */
export interface HopSummary {
  readonly requestsSentOn: number;
  /** Times that the balancer sent a request on, its own retries included. */
  readonly upstreamAttempts: number;
  /** Of those, how many ended without a whole answer of the target. */
  readonly upstreamDeaths: number;
  /** Attempts that the balancer made again by itself after one had died. */
  readonly retriedByBalancer: number;
  /** Answers that the balancer made itself, such as a 502. */
  readonly madeByBalancer: number;
  /** Requests for which it closed the client's connection without an answer. */
  readonly silentCloses: number;
}

export interface StrategySummary {
  /** Label with everything but [a-z0-9-] replaced; used in file names and anchors. */
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly policy: Policy;
  /** Sum over the healthy trials, measured time only. */
  readonly requests: {
    readonly scheduled: number;
    readonly started: number;
    readonly dropped: number;
    readonly ok: number;
    readonly failed: number;
  };
  readonly attempts: { readonly total: number; readonly retries: number };
  /** null where the target keeps no books. */
  readonly ledger: {
    readonly lost: number;
    readonly executedButFailed: number;
    readonly executedTwice: number;
  } | null;
  /** null: no balancer stands between client and target. */
  readonly hop: HopSummary | null;
  /** Of requests, last attempt; only those that occurred. */
  readonly outcomes: Partial<Record<Outcome, number>>;
  /** Of attempts that died, retried ones included. */
  readonly deaths: Partial<Record<Outcome, number>>;
  /** failed / started. */
  readonly errorRate: RateEstimate;
  /** First attempts that died of the race / started; equal to errorRate without retries and other errors. */
  readonly raceRate: RateEstimate;
  /** Requests answered with a status below 400 per second of measured time. */
  readonly answeredPerSecond: Estimate;
  readonly prediction: RacePredictionSummary;
  /** The law with each round's own lags, compared with what was measured in that round. */
  readonly lawCheck: {
    /** Share of requests, over all rounds; null where no lags were measured. */
    readonly predicted: number | null;
    /** Difference of shares. See `results/predict-strategy.ts` for its interval. */
    readonly measuredMinusPredicted: Estimate;
  };
  /** Of answered requests only. */
  readonly responseTimeMs: Percentiles;
  readonly serviceTimeMs: Percentiles;
  /** Of all started requests: a failed one takes for ever. */
  readonly timeToSuccessMs: SuccessPercentiles;
  /** Response time by percentile, for the curve: pooled over rounds. */
  readonly responseTimeCurve: readonly { readonly percentile: number; readonly ms: number }[];
  readonly latenessMs: {
    readonly p50: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  readonly connections: {
    readonly opened: number;
    readonly requestsPerConnection: number | null;
    readonly openMax: number;
    /** Share of requests whose first attempt went out on a fresh connection. */
    readonly freshShare: number | null;
    /** Per 1,000 answered requests. */
    readonly openedPer1000Requests: Estimate;
  };
  /** Costs are per 1,000 answered requests. */
  readonly server: {
    readonly cpuMsPer1000Requests: Estimate;
    readonly cpuUserMsPer1000Requests: number | null;
    readonly cpuSystemMsPer1000Requests: number | null;
    readonly contextSwitchesPer1000Requests: number | null;
    readonly rssBytesMax: number | null;
    readonly connectionsOpenMax: number | null;
    readonly connectionsAccepted: number | null;
    readonly fdsMax: number | null;
    readonly eventLoopDelayMsP99: number | null;
  };
  readonly kernel: {
    readonly timeWaitMax: number | null;
    readonly socketMemoryBytesMax: number | null;
    readonly tcpProbesSent: number | null;
  };
  readonly generator: { readonly cpuShare: number | null; readonly eventLoopDelayMsP99: number | null };
  readonly trials: readonly TrialSummary[];
  readonly windows: readonly Window[];
  /** A few killed attempts, step by step. */
  readonly flights: readonly Flight[];
  /** null for the reference itself. */
  readonly versusReference: Readonly<Record<ComparedMetric, Verdict>> | null;
}

export interface ScenarioSummary {
  readonly id: string;
  readonly axes: ScenarioConfig['axes'];
  readonly config: ScenarioConfig;
  /** One per round; all trials of a round ran this plan. */
  readonly planFingerprints: readonly string[];
  /** For the reference strategy's policy. */
  readonly prediction: RacePredictionSummary;
  /** Where it differs, nothing can be said of strategies that drop connections by their idle age. */
  readonly idleTimeout: IdleTimeoutSeen;
  /** null where nothing is compared. */
  readonly inference: Inference | null;
  readonly strategies: readonly StrategySummary[];
}

export interface Environment {
  readonly os: string;
  readonly kernel: string;
  readonly cpuModel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly idlerace: string;
  /** One-minute load average when the run started; null where the OS has none. */
  readonly loadAverage: number | null;
  /** Which cpu each kind of process was pinned to; null: left to the scheduler. */
  readonly pinning: { readonly generator: string; readonly target: string } | null;
}

/** What the harness itself adds to a response time: a server that answers at once, without the wire. */
export interface FloorReading {
  readonly clientKind: string;
  /** Answered requests that it was measured on. */
  readonly requests: number;
  readonly responseTimeMs: { readonly p50: number; readonly p99: number };
}

export interface Summary {
  readonly schemaVersion: typeof summarySchemaVersion;
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly seed: number;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly interrupted: boolean;
    readonly stopped: Stopped;
    readonly config: RunConfig;
    readonly environment: Environment;
    /** One for each client kind; empty when the run was cut off before it was measured. */
    readonly floor: readonly FloorReading[];
  };
  readonly scenarios: readonly ScenarioSummary[];
  readonly warnings: readonly Warning[];
}
