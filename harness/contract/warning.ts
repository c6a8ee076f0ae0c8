/**
 * What a reader must know before believing a number: a closed set of codes with their facts. The
 * text, with cause and remedy, is the reports' business.
 */

import type { HealthMetric } from './health.ts';

/** One for each metric of the health gate. */
export const healthWarningCodes = {
  latenessMsP99: 'generator-late',
  generatorEventLoopDelayMsP99: 'generator-stalled',
  generatorStallMsMax: 'generator-paused',
  generatorCpuShare: 'generator-busy',
  droppedShare: 'requests-dropped',
  wireLatenessMsP99: 'wire-late',
  wireStallMsMax: 'wire-paused',
  wireCpuShare: 'wire-busy',
  balancerStallMsMax: 'balancer-paused',
  targetStallMsP99: 'target-held-up',
  targetStallMsMax: 'target-paused',
  targetWaitShare: 'target-starved',
  stealShare: 'cpu-stolen',
  clockStepMs: 'clock-stepped',
} as const satisfies Record<HealthMetric, string>;

type HealthWarningCode = (typeof healthWarningCodes)[HealthMetric];

type HealthWarning = {
  [Code in HealthWarningCode]: {
    readonly code: Code;
    /** Reading and limit in the unit of the metric: see `contract/health.ts`. */
    readonly data: { readonly trial: string; readonly value: number; readonly limit: number };
  };
}[HealthWarningCode];

/** Facts worth a sentence; the text, with cause and remedy, is the reports' business. */
export type Warning =
  | {
      readonly code: 'interrupted';
      readonly data: { readonly trialsDone: number; readonly trialsPlanned: number };
    }
  | { readonly code: 'target-lost'; readonly data: { readonly trial: string; readonly reason: string } }
  | {
      readonly code: 'trial-unhealthy';
      readonly data: { readonly trial: string; readonly reasons: readonly string[] };
    }
  | {
      readonly code: 'law-broken';
      readonly data: {
        readonly trial: string;
        readonly law: string;
        readonly left: number;
        readonly right: number;
      };
    }
  | HealthWarning
  | { readonly code: 'never-reused'; readonly data: { readonly scenario: string; readonly strategy: string } }
  | { readonly code: 'few-rounds'; readonly data: { readonly rounds: number } }
  | { readonly code: 'no-race-seen'; readonly data: { readonly scenario: string; readonly strategy: string } }
  | {
      readonly code: 'no-race-behind-balancer';
      readonly data: { readonly scenario: string; readonly strategy: string };
    }
  | {
      readonly code: 'no-lag-measured';
      readonly data: {
        readonly scenario: string;
        readonly strategy: string;
        /** Of the trial with the fewest. */
        readonly samples: number;
        readonly needed: number;
      };
    }
  | {
      readonly code: 'idle-timeout-differs';
      readonly data: {
        readonly scenario: string;
        readonly configuredMs: number | null;
        /** null: the server closed no connection, and `longestReuseMs` is a lower bound. */
        readonly seenMs: number | null;
        readonly closes: number;
        readonly reusesBeyond: number;
        readonly longestReuseMs: number | null;
      };
    }
  | {
      /** Failed for a reason that may go with slowness: neither the race nor a limit of time. */
      readonly code: 'slow-may-be-lost';
      readonly data: { readonly scenario: string; readonly strategy: string; readonly share: number };
    }
  | {
      readonly code: 'executed-twice';
      readonly data: { readonly scenario: string; readonly strategy: string; readonly requests: number };
    }
  | {
      readonly code: 'prediction-missed';
      readonly data: {
        readonly scenario: string;
        readonly strategy: string;
        readonly predicted: number;
        /** Measured minus predicted, and its interval. */
        readonly difference: number;
        readonly low: number;
        readonly high: number;
      };
    }
  | {
      readonly code: 'generators-share-cpu';
      readonly data: { readonly generators: number; readonly cpus: number };
    }
  | {
      readonly code: 'capture-incomplete';
      readonly data: { readonly trial: string; readonly reason: string };
    }
  | { readonly code: 'one-loopback-address'; readonly data: Record<string, never> }
  | {
      readonly code: 'closed-plan-exhausted';
      readonly data: { readonly trial: string; readonly requestsMax: number };
    };
