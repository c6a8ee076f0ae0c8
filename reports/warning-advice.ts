/** The title of each warning, its likely cause, and the remedy. */
import type { Warning } from '../harness/contract/summary.ts';

interface WarningAdvice {
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
}

export const warningAdvice: Readonly<Record<Warning['code'], WarningAdvice>> = {
  interrupted: {
    title: 'The run was interrupted',
    cause: 'It was stopped before its last trial, by Ctrl-C, a signal, or an error.',
    remedy: 'Read the finished rounds as they are, or run the matrix again with the same seed.',
  },
  'target-lost': {
    title: 'A trial lost its target',
    cause: 'The target process crashed, was killed, or ran out of memory.',
    remedy: 'The trial is left out of every figure. Check the reason, fix the target, and run again.',
  },
  'trial-unhealthy': {
    title: 'A trial is left out',
    cause: 'A reading of the trial was past its limit, so its numbers are not reliable.',
    remedy: 'Run again on a quieter machine, or with a lower request rate, for a full set of rounds.',
  },
  'law-broken': {
    title: 'A conservation law is broken',
    cause: 'One side counted requests that the other did not. The harness or the target has a bug.',
    remedy: 'Do not use this trial. Report it with the run folder.',
  },
  'generator-late': {
    title: 'The generator was late',
    cause: 'Its event loop was busy, or another process had the CPU.',
    remedy: 'Response times of that trial include the lateness. Lower the rate or free a core.',
  },
  'generator-stalled': {
    title: 'The generator’s event loop was held up',
    cause: 'Another process had its CPU, or answers came faster than it can read them.',
    remedy:
      'Answers and FINs were read late. Free a core, lower the rate, or spread the load with --generators 2.',
  },
  'generator-busy': {
    title: 'The generator was near a full core',
    cause: 'The target answers faster than one generator can send.',
    remedy: 'Read the throughput as the limit of the generator, or spread the clients with --generators 2.',
  },
  'generator-paused': paused('generator'),
  'wire-paused': paused('wire'),
  'balancer-paused': paused('balancer'),
  'target-paused': paused('target'),
  'target-held-up': {
    title: 'The target often waited for a CPU',
    cause: 'Another process ran on its cores.',
    remedy: 'Its lags include that wait, so the race window is wider. Free a core.',
  },
  'wire-late': {
    title: 'The wire delivered late',
    cause: 'It carried more connections than its CPU allows, or another process had that CPU.',
    remedy: 'Response times and lags include the delay. Lower the rate or free a core.',
  },
  'wire-busy': {
    title: 'The wire was near a full core',
    cause: 'It carries every byte on one thread, and reads the clock while it waits.',
    remedy: 'If its lateness is small, the wire keeps up. Otherwise lower the rate.',
  },
  'target-starved': {
    title: 'The target had to wait for a CPU',
    cause: 'Another process, for example the wire, ran on its cores.',
    remedy: 'Its response times and lags include that wait. Free a core, or use a machine with more cores.',
  },
  'cpu-stolen': {
    title: 'The hypervisor took CPU time away',
    cause: 'Other virtual machines on the same host were busy.',
    remedy: 'Compare only within rounds, add rounds, or run at another time or on a dedicated machine.',
  },
  'clock-stepped': {
    title: 'The wall clock was set during a trial',
    cause: 'Time synchronization or a user changed the clock.',
    remedy: 'Measured times are not affected. Times of day in the histogram logs are wrong by that amount.',
  },
  'requests-dropped': {
    title: 'Requests were never sent',
    cause:
      'The generator was still behind one second after the last intended time. Requests that it did not send count as failed.',
    remedy: 'Lower the rate, or spread the clients over more processes with --generators.',
  },
  'never-reused': {
    title: 'A reusing strategy never reused',
    cause:
      'Every gap was longer than the lifetime of its connection, or the client kept no connection because of a short hint.',
    remedy: 'The strategy was not tested. Make gaps shorter or the idle timeout longer.',
  },
  'few-rounds': {
    title: 'Fewer than three rounds',
    cause:
      'Intervals come from the differences between rounds; with fewer than three they are wide or missing.',
    remedy: 'Run with --rounds 3 or more.',
  },
  'no-race-seen': {
    title: 'The reference met no race',
    cause: 'No idle gap ended near the server’s idle timeout, or there were too few requests.',
    remedy: 'Put the mean gap near the idle timeout, add clients, or run longer.',
  },
  'no-race-behind-balancer': {
    title: 'The balancer met no race',
    cause:
      'The race happens on the balancer’s connections to the targets, which all clients share. More clients make their idle times shorter, not longer.',
    remedy:
      'Send bursts one idle timeout of the target apart. Each burst leaves many connections idle at once (see examples/field/09).',
  },
  'no-lag-measured': {
    title: 'Too few requests to measure lags',
    cause:
      'Lags come from reuses well below the idle timeout. Here nearly every idle age is near it, so the timing model cannot be checked.',
    remedy: 'Add shorter gaps, for example { mixture: [...] } with a part below the idle timeout.',
  },
  'idle-timeout-differs': {
    title: 'The server’s idle timeout is not the configured one',
    cause:
      'The server adds a grace period (Node adds 1 s), rounds the timeout, or has another setting; or another hop closes connections.',
    remedy:
      'Set target.idleTimeout to the timeout that idlerace probe finds. Strategies that drop connections by age have no verdict until then.',
  },
  'slow-may-be-lost': {
    title: 'Requests failed for reasons that may go with slowness',
    cause:
      'The server or a hop answered with an error or closed connections, other than by its idle timeout.',
    remedy:
      'Read p50 and p99 with care: they compare the requests that both strategies answered. If the slow ones failed, the percentiles look better than they are.',
  },
  'executed-twice': {
    title: 'Requests were executed twice',
    cause: 'The client sent a request again that the server had already executed.',
    remedy: 'Retry only idempotent methods, or send an idempotency key that the server honors.',
  },
  'prediction-missed': {
    title: 'The timing model does not explain the measured rate',
    cause:
      'Something other than the idle timeout closed connections, the timeout is not the configured one, or lags near it were larger than measured.',
    remedy: 'Look at races.csv for deaths far from the idle timeout before you rely on the prediction.',
  },
  'generators-share-cpu': {
    title: 'Generators share a CPU',
    cause: 'The machine has too few CPUs for that many generators and the target.',
    remedy: 'Use fewer generators, or a machine with more CPUs.',
  },
  'capture-incomplete': {
    title: 'Packets could not be compared with the records',
    cause: 'The capture is incomplete or not readable.',
    remedy:
      'The figures are valid without it. For a complete capture, use shorter trials, fewer requests, or no TLS.',
  },
  'one-loopback-address': {
    title: 'One loopback address for all trials',
    cause: 'This OS has only 127.0.0.1 without further setup.',
    remedy:
      'No action is needed. Each trial waited for the ports of the previous one. On Linux each trial has a separate address.',
  },
  'closed-plan-exhausted': {
    title: 'The plan ran out of requests',
    cause: 'The closed loop was faster than requestsMax allowed for.',
    remedy: 'Raise requestsMax, or read the trial as shorter than planned.',
  },
};

function paused(part: string): WarningAdvice {
  return {
    title: `The ${part} could not run for a while`,
    cause: 'Another process had its CPU, or the machine or the process was suspended.',
    remedy: 'Requests under way at that time were delayed. Free a core, or run again.',
  };
}
