/**
 * The text of each warning: what was seen, the likely cause, the remedy. Warnings of one code are
 * grouped, so that nine scenarios do not repeat the same text nine times.
 */
import type { Warning } from '../harness/contract/summary.ts';
import { plain } from './format.ts';

export interface WarningText {
  readonly code: Warning['code'];
  readonly title: string;
  /** One sentence for each time it was met. */
  readonly seen: readonly string[];
  readonly cause: string;
  readonly remedy: string;
}

/** In the order in which the codes first appear. */
export function warningTexts(warnings: readonly Warning[]): WarningText[] {
  const codes = [...new Set(warnings.map(({ code }) => code))];
  return codes.map((code) => {
    const same = warnings.filter((warning) => warning.code === code);
    return { code, ...advice(code), seen: fewOf(same) };
  });
}

/** Cases of one warning that are listed; further ones are counted. */
const seenMax = 4;

/** Readings past a limit come worst first. */
function fewOf(same: readonly Warning[]): string[] {
  const size = ({ data }: Warning) => ('value' in data ? data.value : 0);
  const texts = [...same].sort((a, b) => size(b) - size(a)).map(seen);
  const others = texts.length - seenMax;
  if (others <= 1) return texts;
  return [...texts.slice(0, seenMax), `${others} more like these.`];
}

function seen(warning: Warning): string {
  switch (warning.code) {
    case 'interrupted':
      return `${warning.data.trialsDone} of ${warning.data.trialsPlanned} trials were finished.`;
    case 'target-lost':
      return `${warning.data.trial}: ${warning.data.reason}`;
    case 'trial-unhealthy':
      return `${warning.data.trial}: ${warning.data.reasons.join('; ')}`;
    case 'law-broken':
      return `${warning.data.trial}: ${warning.data.law}, but ${plain('count', warning.data.left)} is not ${plain('count', warning.data.right)}.`;
    case 'generator-late':
      return overLimit(warning.data, 'durationMs', 'lateness p99 ');
    case 'generator-stalled':
      return overLimit(warning.data, 'durationMs', 'event-loop delay p99 ');
    case 'wire-late':
      return overLimit(warning.data, 'durationMs', 'delivery lateness p99 ');
    case 'target-held-up':
      return overLimit(warning.data, 'durationMs', 'stall p99 ');
    case 'generator-paused':
    case 'wire-paused':
    case 'balancer-paused':
    case 'target-paused':
      return overLimit(warning.data, 'durationMs', 'longest stall ');
    case 'clock-stepped':
      return overLimit(warning.data, 'durationMs');
    case 'generator-busy':
    case 'wire-busy':
    case 'requests-dropped':
    case 'target-starved':
    case 'cpu-stolen':
      return overLimit(warning.data, 'share');
    case 'never-reused':
      return `${warning.data.strategy} in ${warning.data.scenario}: every request went out on a fresh connection.`;
    case 'few-rounds':
      return `The run has ${warning.data.rounds} round${warning.data.rounds === 1 ? '' : 's'}.`;
    case 'no-race-seen':
      return `${warning.data.strategy} in ${warning.data.scenario}: no request died of the race.`;
    case 'executed-twice':
      return `${warning.data.strategy} in ${warning.data.scenario}: ${plain('count', warning.data.requests)} requests were executed more than once.`;
    case 'prediction-missed':
      return `${warning.data.strategy} in ${warning.data.scenario}: predicted ${plain('share', warning.data.predicted)}, measured ${plain('share', warning.data.low)} to ${plain('share', warning.data.high)}.`;
    case 'generators-share-cpu':
      return `${warning.data.generators} generators on ${warning.data.cpus} CPU${warning.data.cpus === 1 ? '' : 's'}.`;
    case 'capture-incomplete':
      return `${warning.data.trial}: ${warning.data.reason}.`;
    case 'one-loopback-address':
      return 'All trials shared 127.0.0.1.';
    case 'closed-plan-exhausted':
      return `${warning.data.trial}: all ${plain('count', warning.data.requestsMax)} planned requests were sent before the time was over.`;
    default:
      return unreachable(warning);
  }
}

function overLimit(
  { trial, value, limit }: { trial: string; value: number; limit: number },
  kind: 'durationMs' | 'share',
  what = '',
): string {
  return `${trial}: ${what}${plain(kind, value)}, limit ${plain(kind, limit)}.`;
}

function advice(code: Warning['code']): { title: string; cause: string; remedy: string } {
  switch (code) {
    case 'interrupted':
      return {
        title: 'The run was interrupted',
        cause: 'It was stopped before its last trial, by Ctrl-C, a signal or an error.',
        remedy: 'Read the finished rounds as they are, or run the matrix again with the same seed.',
      };
    case 'target-lost':
      return {
        title: 'A trial lost its target',
        cause: 'The target process ended by itself: a crash, a kill, or no memory left.',
        remedy: 'The trial is left out of every figure. Check the reason, fix the target, and run again.',
      };
    case 'trial-unhealthy':
      return {
        title: 'A trial is left out',
        cause: 'A reading of the trial was past its limit, so its numbers are not reliable.',
        remedy: 'Run again on a quieter machine, or with a lower request rate, for a full set of rounds.',
      };
    case 'law-broken':
      return {
        title: 'A conservation law is broken',
        cause: 'One side counted requests that the other did not: a bug in the harness or the target.',
        remedy: 'Do not use this trial. Report it with the run folder.',
      };
    case 'generator-late':
      return {
        title: 'The generator was late',
        cause: 'Its event loop was busy, or another process had the CPU.',
        remedy: 'Response times of that trial include the lateness. Lower the rate or free a core.',
      };
    case 'generator-stalled':
      return {
        title: 'The generator’s event loop was held up',
        cause: 'Another process had its CPU, or answers came faster than it can read them.',
        remedy: 'Answers and FINs were read late. Free a core, lower the rate, or spread it: --generators 2.',
      };
    case 'generator-busy':
      return {
        title: 'The generator was near a full core',
        cause: 'The target answers faster than one generator can send.',
        remedy: 'Read the throughput as the generator’s, or spread the clients: --generators 2.',
      };
    case 'generator-paused':
      return paused('generator');
    case 'wire-paused':
      return paused('wire');
    case 'balancer-paused':
      return paused('balancer');
    case 'target-paused':
      return paused('target');
    case 'target-held-up':
      return {
        title: 'The target often waited for a CPU',
        cause: 'Another process ran on its cores.',
        remedy: 'Its lags include that wait, so the race window is wider: free a core.',
      };
    case 'wire-late':
      return {
        title: 'The wire delivered late',
        cause: 'It carried more connections than its CPU allows, or another process had that CPU.',
        remedy: 'Response times and lags include the delay: lower the rate or free a core.',
      };
    case 'wire-busy':
      return {
        title: 'The wire was near a full core',
        cause: 'It carries every byte on one thread, and reads the clock while it waits.',
        remedy: 'Check its lateness: while that is small, the wire keeps up. Else lower the rate.',
      };
    case 'target-starved':
      return {
        title: 'The target had to wait for a CPU',
        cause: 'Another process, for example the wire, ran on its cores.',
        remedy:
          'Its response times and lags include that wait. Free a core, or use a machine with more cores.',
      };
    case 'cpu-stolen':
      return {
        title: 'The hypervisor took CPU time away',
        cause: 'Other virtual machines on the same host were busy.',
        remedy: 'Compare within rounds only, add rounds, or run at another time or on a dedicated machine.',
      };
    case 'clock-stepped':
      return {
        title: 'The wall clock was set during a trial',
        cause: 'Time synchronization, or a change by hand.',
        remedy: 'Measured times are not affected; times of day in the histogram logs are.',
      };
    case 'requests-dropped':
      return {
        title: 'Requests were never sent',
        cause: 'The generator came to them more than a second late. They count as failed.',
        remedy: 'Lower the rate, raise the connection limit, or give each client fewer requests.',
      };
    case 'never-reused':
      return {
        title: 'A reusing strategy never reused',
        cause:
          'Every gap was longer than the connection lived, or the client kept none because of a short hint.',
        remedy: 'The strategy was not tested. Make gaps shorter or the idle timeout longer.',
      };
    case 'few-rounds':
      return {
        title: 'Fewer than three rounds',
        cause:
          'Intervals come from the differences between rounds; with fewer than three they are wide or missing.',
        remedy: 'Run with --rounds 3 or more.',
      };
    case 'no-race-seen':
      return {
        title: 'The reference met no race',
        cause: 'No idle gap ended near the server’s idle timeout, or there were too few requests.',
        remedy: 'Put the mean gap near the idle timeout, add clients, or run longer.',
      };
    case 'executed-twice':
      return {
        title: 'Requests were executed twice',
        cause: 'The client sent a request again that the server had already executed.',
        remedy: 'Retry only idempotent methods, or send an idempotency key that the server honors.',
      };
    case 'prediction-missed':
      return {
        title: 'The law missed the measured rate',
        cause: 'Something other than the idle timeout closed connections, or lags were larger than measured.',
        remedy: 'Look at races.csv for deaths far from the idle timeout before you rely on the prediction.',
      };
    case 'generators-share-cpu':
      return {
        title: 'Generators share a cpu',
        cause: 'The machine has too few CPUs for that many generators and the target.',
        remedy: 'Use fewer generators, or a machine with more CPUs.',
      };
    case 'capture-incomplete':
      return {
        title: 'Packets could not be compared with the records',
        cause: 'The capture is incomplete or not readable.',
        remedy:
          'The figures are valid without it. For a complete capture, use shorter trials, fewer requests, or no TLS.',
      };
    case 'one-loopback-address':
      return {
        title: 'One loopback address for all trials',
        cause: 'This OS has only 127.0.0.1 without further setup.',
        remedy:
          'No action is needed: each trial waited for the ports of the one before. On Linux each has a separate address.',
      };
    case 'closed-plan-exhausted':
      return {
        title: 'The plan ran out of requests',
        cause: 'The closed loop was faster than requestsMax allowed for.',
        remedy: 'Raise requestsMax, or read the trial as shorter than planned.',
      };
    default:
      return unreachable(code);
  }
}

function paused(part: string): { title: string; cause: string; remedy: string } {
  return {
    title: `The ${part} could not run for a while`,
    cause: 'Another process had its CPU, or the machine or the process was suspended.',
    remedy: 'Requests under way at that time were delayed: free a core, or run again.',
  };
}

function unreachable(value: never): never {
  throw new Error(`No text for warning ${JSON.stringify(value)}`);
}
