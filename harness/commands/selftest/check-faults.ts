/**
 * The fault oracle: the target commits a known number of each fault, and each must be told apart by
 * the client, booked by the ledger and kept apart from the requests around it, without a single one
 * more or less. Over plain connections, over TLS, and with a strategy that retries.
 */
import type { FaultKind } from '../../contract/fault.ts';
import type { Bench, BenchTrial } from './bench.ts';
import type { Check, CheckResult } from './check.ts';
import { conclude, type Verdict } from './conclude.ts';
import { type FaultClients, faultScenario, timesEach } from './fault-scenario.ts';
import { judgeFaults } from './judge-faults.ts';

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
  readonly clients: FaultClients;
  readonly settings: Pick<BenchTrial, 'target' | 'policy' | 'limits'>;
}

const hints = {
  serverIdleTimeoutMs: 1_000,
  /** `timeout=1` less this: evicted after 0.5 s. */
  marginMs: 500,
} as const;

const trials: readonly FaultTrial[] = [
  {
    id: 'faults-plain',
    where: 'over TCP',
    clients: {
      kinds: [...everywhere, 'hint-too-long', 'hint-too-short'],
      everyMs: 6,
      retried: false,
      // After the eviction and well before the server's own timeout; well after that timeout.
      nextAfterMs: { ...nextSoon, 'hint-too-short': 750, 'hint-too-long': 1_250 },
      refuseMs: null,
    },
    settings: {
      target: { idleTimeoutMs: hints.serverIdleTimeoutMs },
      policy: { connection: { hintMarginMs: hints.marginMs } },
      limits: { requestTimeoutMs },
    },
  },
  {
    id: 'faults-tls',
    where: 'over TLS',
    clients: {
      kinds: [...everywhere, 'no-close-notify'],
      everyMs: 7,
      retried: false,
      nextAfterMs: nextSoon,
      refuseMs: null,
    },
    settings: { target: { tls: true }, limits: { requestTimeoutMs } },
  },
  {
    id: 'faults-retry',
    where: 'over TCP with retries',
    clients: { kinds: deadly, everyMs: 5, retried: true, nextAfterMs: {}, refuseMs },
    settings: {
      target: { faultMs: refuseMs },
      policy: { retry: { attemptsMax: 2, on: ['idle-race', 'eof', 'reset'] } },
    },
  },
];

export const checkFaults: Check = {
  id: 'faults',
  title: 'Every fault is told apart, to the last one',
  lastsMs: 7_600,
  async run(bench: Bench): Promise<CheckResult> {
    const verdicts: Verdict[] = [];
    for (const { id, where, clients, settings } of trials) {
      const scenario = faultScenario(clients, bench.seed);
      const { plan, faults } = scenario;
      verdicts.push(judgeFaults(scenario, await bench.run({ id, plan, faults, ...settings }), where));
    }
    return concludeFaults(verdicts);
  },
};

/** The figures of all trials, and whether they hold. */
export function concludeFaults(verdicts: readonly Verdict[]): CheckResult {
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  const held = findings.filter((one) => one.held).length;
  return conclude(
    verdicts,
    `${held} of ${findings.length} kinds of requests, with ${timesEach} of each fault, ended as they must.`,
  );
}
