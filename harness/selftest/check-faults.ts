/**
 * The fault oracle: the target commits a known number of each fault, and each must be told apart by
 * the client, booked by the ledger and kept apart from the requests around it, without a single one
 * more or less. Over plain connections, over TLS, and with a strategy that retries; through any client kind.
 */
import type { FaultKind } from '../contract/fault.ts';
import type { PolicyChange } from '../contract/policy.ts';
import type { Bench, BenchTrial } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import {
  type ClientDifference,
  clientDifferences,
  differenceIn,
  withoutHints,
} from './client-differences.ts';
import { conclude, type Verdict } from './conclude.ts';
import { expectedEnd } from './fault-expectations.ts';
import { type FaultClients, faultScenario, timesEach } from './fault-scenario.ts';
import { judgeFaults } from './judge-faults.ts';
import { runFitting } from './run-fitting.ts';

const deadly: readonly FaultKind[] = ['fin-unexecuted', 'fin-executed', 'rst-unexecuted', 'rst-executed'];

/** Over plain connections and over TLS. */
const everywhere: readonly FaultKind[] = [
  ...deadly,
  'half-close',
  'black-hole',
  'close-in-head',
  'close-in-body',
  'close-in-chunk',
  'malformed-status',
  'status-500',
  'idle-fin',
  'lying-keep-alive',
];

const soonMs = 150;
/** Below every wait of the scenario but that for a black hole. */
const requestTimeoutMs = 600;
/** Of which the middle is when new connections are tried. */
const refuseMs = 200;
const nextSoon = { 'status-500': soonMs, 'idle-fin': soonMs, 'lying-keep-alive': soonMs };

interface FaultTrial {
  readonly id: string;
  /** For findings. */
  readonly where: string;
  readonly tls: boolean;
  readonly retried: boolean;
  readonly clients: Omit<FaultClients, 'expected'>;
  readonly settings: Pick<BenchTrial, 'target' | 'limits'>;
  /** The client's first that it can carry out; empty: it goes without the trial. */
  readonly policies: readonly FaultPolicy[];
}

interface FaultPolicy {
  readonly policy: PolicyChange;
  /** What is different under it. */
  readonly differences: readonly ClientDifference[];
}

const hints = {
  serverIdleTimeoutMs: 1_000,
  /** `timeout=1` less this: evicted after 0.5 s. */
  marginMs: 500,
} as const;

const retryOnce = { attemptsMax: 2, on: ['idle-race', 'eof', 'reset'] } as const;

const trials: readonly FaultTrial[] = [
  {
    id: 'faults-plain',
    where: 'over TCP',
    tls: false,
    retried: false,
    clients: {
      kinds: [...everywhere, 'hint-too-long', 'hint-too-short'],
      everyMs: 6,
      // After the eviction and well before the server's own timeout; well after that timeout.
      nextAfterMs: { ...nextSoon, 'hint-too-short': 750, 'hint-too-long': 1_250 },
      refuseMs: null,
    },
    settings: { target: { idleTimeoutMs: hints.serverIdleTimeoutMs }, limits: { requestTimeoutMs } },
    policies: [
      { policy: { connection: { hintMarginMs: hints.marginMs } }, differences: [] },
      { policy: {}, differences: withoutHints },
    ],
  },
  {
    id: 'faults-tls',
    where: 'over TLS',
    tls: true,
    retried: false,
    clients: {
      kinds: [...everywhere, 'no-close-notify'],
      everyMs: 7,
      nextAfterMs: nextSoon,
      refuseMs: null,
    },
    settings: { target: { tls: true }, limits: { requestTimeoutMs } },
    policies: [{ policy: {}, differences: [] }],
  },
  {
    id: 'faults-retry',
    where: 'over TCP with retries',
    tls: false,
    retried: true,
    clients: { kinds: deadly, everyMs: 5, nextAfterMs: {}, refuseMs },
    settings: { target: { faultMs: refuseMs } },
    // A client of this load has no connection left but the one that dies.
    policies: [
      { policy: { retry: retryOnce }, differences: [] },
      { policy: { retry: { ...retryOnce, connection: 'pooled' } }, differences: [] },
    ],
  },
];

export const checkFaults: Check = {
  id: 'faults',
  title: 'Every fault is counted under its outcome, to the last one',
  lastsMs: 7_600,
  async run(bench: Bench): Promise<CheckResult> {
    const verdicts: Verdict[] = [];
    const leftOut: string[] = [];
    for (const trial of trials) {
      const variants = trial.policies.map((one) => variantOf(trial, one, bench));
      const outcome = await runFitting(bench, variants);
      if (outcome.ran === null) leftOut.push(`${trial.where}: ${outcome.why}`);
      else verdicts.push(judgeFaults(outcome.ran.scenario, outcome.result, trial.where));
    }
    return concludeFaults(verdicts, leftOut);
  },
};

function variantOf(
  { id, clients, settings, tls, retried }: FaultTrial,
  { policy, differences: ofPolicy }: FaultPolicy,
  { seed, clientKind }: Bench,
) {
  const differences = [...ofPolicy, ...(clientDifferences[clientKind] ?? [])];
  const scenario = faultScenario(
    {
      ...clients,
      expected(kind, carrier) {
        // Whoever opens a window of refusals is answered, and has nothing to retry.
        const isRetried = retried && kind !== 'refuse';
        const different = differenceIn(differences, kind, { carrier, tls });
        return expectedEnd(kind, { carrier, retried: isRetried, different });
      },
    },
    seed,
  );
  const { plan, faults } = scenario;
  return { policy, scenario, trial: { id, plan, faults, ...settings } };
}

/**
 * The figures of all trials, and whether they hold.
 * @param leftOut Trials that the client cannot carry out, with its reasons.
 */
export function concludeFaults(verdicts: readonly Verdict[], leftOut: readonly string[] = []): CheckResult {
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  const held = findings.filter((one) => one.held).length;
  const without = leftOut.map((one) => ` Left out: ${one}.`).join('');
  return conclude(
    verdicts,
    `${held} of ${findings.length} kinds of requests, with ${timesEach} of each fault, ended as they must.${without}`,
  );
}
