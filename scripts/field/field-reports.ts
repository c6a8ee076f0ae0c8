/**
 * The field reports in their order, and what each must show. Bounds are wide: orderings and counts that hold on any
 * machine, with the chance of a false alarm below one in a thousand where chance plays a part.
 */
import type { StrategySummary, Summary } from '../../harness/contract/summary.ts';
import { expectation, type FieldReport, failures, percent, races, strategyOf } from './expectation.ts';

/** Enough to tell from none: where 60 are expected, fewer than 10 are 6.5 standard deviations away. */
const some = (strategy: StrategySummary) => races(strategy) >= 10;

function probesChangeNothing(summary: Summary) {
  const [reuse, probes] = ['reuse', 'tcp-probes'].map((label) => strategyOf(summary, label));
  return [
    expectation('Some POSTs die of the idle close.', some(reuse), failures(reuse)),
    expectation(
      'With probes as many die, within a factor of two.',
      races(probes) * 2 >= races(reuse) && races(probes) <= races(reuse) * 2,
      `${failures(probes)}, without probes ${failures(reuse)}`,
    ),
  ];
}

function mebibytes(bytes: number): string {
  return Number.isNaN(bytes) ? 'not available' : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function openMax({ connections }: StrategySummary): number {
  return connections.openMax;
}

const hijacked = ['fin-executed', 'fin-unexecuted'] as const;

export const fieldReports: readonly FieldReport[] = [
  { id: '01-probes-of-a-minute', expectations: probesChangeNothing },
  {
    id: '02-probes-every-second',
    expectations(summary) {
      const sent = strategyOf(summary, 'tcp-probes').kernel.tcpProbesSent;
      return [
        expectation(
          'The probes were sent.',
          sent === null || sent > 100,
          `${sent ?? 'not available'} probes`,
        ),
        ...probesChangeNothing(summary),
      ];
    },
  },
  {
    id: '03-lying-keep-alive',
    expectations(summary) {
      const [reuse, retry] = ['reuse', 'retry'].map((label) => strategyOf(summary, label));
      return [
        expectation(
          'Where each lies, the next request in line dies: more than a tenth of all.',
          reuse.requests.failed > 0.1 * reuse.requests.started,
          failures(reuse),
        ),
        expectation(
          'A retry on a fresh connection saves each of them.',
          retry.requests.failed === 0 && retry.attempts.retries > 0,
          `${failures(retry)}, ${retry.attempts.retries} sent again`,
        ),
      ];
    },
  },
  {
    id: '04-hijack',
    expectations: (summary) =>
      hijacked.flatMap((fault) => {
        const [reuse, retry] = ['reuse', 'retry'].map((label) =>
          strategyOf(summary, label, `faults-${fault}-20`),
        );
        const executed = fault === 'fin-executed';
        const { executedButFailed, executedTwice } = reuse.ledger ?? {
          executedButFailed: null,
          executedTwice: null,
        };
        return [
          expectation(
            `${fault}: exactly 20 requests fail, ${executed ? 'all of them' : 'none of them'} executed.`,
            reuse.requests.failed === 20 && executedButFailed === (executed ? 20 : 0) && executedTwice === 0,
            `${failures(reuse)}, ${executedButFailed} of them executed`,
          ),
          expectation(
            executed
              ? `${fault}: a retry executes those on reused connections twice.`
              : `${fault}: a retry saves those on reused connections, and executes none twice.`,
            retry.attempts.retries >= 15 &&
              retry.ledger?.executedTwice === (executed ? retry.attempts.retries : 0),
            `${retry.attempts.retries} sent again, ${retry.ledger?.executedTwice} executed twice`,
          ),
        ];
      }),
  },
  {
    id: '05-go-retries-get',
    expectations(summary) {
      const [get, post] = ['method-get', 'method-post'].map((scenario) =>
        strategyOf(summary, 'reuse', scenario),
      );
      const keyed = strategyOf(summary, 'keyed', 'method-post');
      const line = (strategy: StrategySummary) =>
        `${failures(strategy)}, ${strategy.attempts.retries} sent again by Go`;
      return [
        expectation(
          'Go sends a GET again by itself: none fails.',
          get.requests.failed === 0 && get.attempts.retries >= 10,
          line(get),
        ),
        expectation(
          'A POST it does not: some fail, none is sent again.',
          some(post) && post.attempts.retries === 0,
          line(post),
        ),
        expectation(
          'A POST with an Idempotency-Key it does: none fails.',
          keyed.requests.failed === 0 && keyed.attempts.retries >= 10,
          line(keyed),
        ),
      ];
    },
  },
  {
    id: '06-longer-server-timeout',
    expectations(summary) {
      const [reuse, long] = ['reuse', 'long-idle'].map((label) => strategyOf(summary, label));
      const rss = [reuse, long].map(({ server }) => server.rssBytesMax ?? Number.NaN);
      return [
        expectation('Some die with the short timeout.', races(reuse) > 0, failures(reuse)),
        expectation('None dies with the long one.', races(long) === 0, failures(long)),
        expectation(
          'The server holds at least half as many connections again.',
          openMax(long) > 1.5 * openMax(reuse),
          `${openMax(long)} open at once, before ${openMax(reuse)}`,
        ),
        expectation(
          'Its memory grows.',
          // Where the OS does not tell, there is nothing to hold.
          rss.some(Number.isNaN) || rss[1] > 1.1 * rss[0],
          `${mebibytes(rss[1])}, before ${mebibytes(rss[0])}`,
        ),
      ];
    },
  },
  {
    id: '07-short-lived',
    expectations(summary) {
      const [reuse, short] = ['reuse', 'short-lived'].map((label) => strategyOf(summary, label));
      const figure = (of: (strategy: StrategySummary) => number | null) => {
        const [before, after] = [of(reuse) ?? Number.NaN, of(short) ?? Number.NaN];
        return { holds: after > before, seen: `${after.toFixed(1)}, before ${before.toFixed(1)}` };
      };
      const latency = figure(({ responseTimeMs }) => responseTimeMs.p50.estimate);
      const cpu = figure(({ server }) => server.cpuMsPer1000Requests.estimate);
      const timeWait = figure(({ kernel }) => kernel.timeWaitMax);
      const opened = figure(({ connections }) => connections.openedPer1000Requests.estimate);
      return [
        expectation(
          'Some die with kept connections, none with new ones.',
          races(reuse) > 0 && races(short) === 0,
          `${races(short)}, before ${races(reuse)}`,
        ),
        expectation('The median takes longer, ms.', latency.holds, latency.seen),
        expectation('The server takes more CPU, ms per 1,000 requests.', cpu.holds, cpu.seen),
        expectation('More sockets stay in TIME_WAIT.', timeWait.holds, timeWait.seen),
        expectation('More ports are used, connections per 1,000 requests.', opened.holds, opened.seen),
      ];
    },
  },
  {
    id: '08-eviction-margins',
    expectations(summary) {
      const labels = ['margin 0', 'margin RTT/2', 'margin RTT', 'margin 2 RTT'];
      const counts = labels.map((label) => races(strategyOf(summary, label)));
      const seen = labels.map((label, index) => `${label}: ${counts[index]}`).join(', ');
      return [
        expectation('Without a margin some die.', counts[0] >= 10, seen),
        expectation('Each larger margin leaves fewer.', counts[0] > counts[1] && counts[1] > counts[2], seen),
        expectation(
          'One round trip leaves what lag and timers add: at most a quarter.',
          counts[2] <= counts[0] / 4,
          seen,
        ),
        expectation('Two leave none.', counts[3] === 0, seen),
      ];
    },
  },
  {
    id: '09-balancer-outlives-server',
    expectations(summary) {
      const [once, again] = ['next-upstream-error-timeout', 'next-upstream-error-timeout-non-idempotent'];
      const [plain, retried] = [once, again].map((scenario) => strategyOf(summary, 'reuse', scenario));
      const long = strategyOf(summary, 'long-idle', once);
      const status = (strategy: StrategySummary) => strategy.outcomes.status ?? 0;
      return [
        expectation(
          'The client sees 502s, and no dead connection of its own.',
          status(plain) >= 10 && races(plain) === 0,
          `${status(plain)} answers of 400 or more, ${races(plain)} races on the client's hop`,
        ),
        expectation(
          'Each was made by the balancer, for a request that died on the second hop.',
          plain.hop?.madeByBalancer === status(plain) && plain.hop.upstreamDeaths >= status(plain),
          `${plain.hop?.madeByBalancer} made by the balancer, ${plain.hop?.upstreamDeaths} deaths behind it`,
        ),
        expectation(
          'Told to send a POST again, it hides them.',
          status(retried) === 0 && (retried.hop?.retriedByBalancer ?? 0) >= 10,
          `${status(retried)} answers of 400 or more, ${retried.hop?.retriedByBalancer} sent again`,
        ),
        expectation(
          'A server that waits longer than the balancer loses none.',
          long.requests.failed === 0 && long.hop?.upstreamDeaths === 0,
          failures(long),
        ),
      ];
    },
  },
  {
    id: '10-jitter-and-grace',
    expectations(summary) {
      const [reuse, hint] = ['reuse', 'believe the hint'].map((label) => strategyOf(summary, label));
      return [
        expectation('Jitter does not spare whoever ignores the hint.', races(reuse) > 0, failures(reuse)),
        expectation(
          'The grace period spares whoever believes it.',
          hint.requests.failed === 0,
          failures(hint),
        ),
      ];
    },
  },
  {
    id: '11-deploys',
    expectations(summary) {
      const [gentle, cut] = ['faults-restart-3', 'faults-crash-3'].map((scenario) =>
        strategyOf(summary, 'reuse', scenario),
      );
      const underWay = ({ outcomes }: StrategySummary) =>
        (outcomes['idle-race'] ?? 0) + (outcomes.reset ?? 0) + (outcomes.eof ?? 0);
      return [
        expectation(
          'While nobody listens, connections are refused, either way.',
          (gentle.outcomes.refused ?? 0) > 0 && (cut.outcomes.refused ?? 0) > 0,
          `${gentle.outcomes.refused ?? 0} refused after a graceful restart, ${cut.outcomes.refused ?? 0} after a crash`,
        ),
        expectation(
          'A crash cuts requests that are under way; they may have been executed.',
          underWay(cut) > underWay(gentle) && (cut.ledger?.executedButFailed ?? 0) > 0,
          `${underWay(cut)} cut, ${cut.ledger?.executedButFailed} of them executed; after a graceful restart ${underWay(gentle)}`,
        ),
        expectation(
          'A graceful restart executes nothing that it does not answer.',
          gentle.ledger?.executedButFailed === 0,
          `${gentle.ledger?.executedButFailed} executed and not answered, error rate ${percent(gentle.errorRate.estimate ?? Number.NaN)}`,
        ),
      ];
    },
  },
];
