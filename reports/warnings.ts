/**
 * The text of each warning. It states what was seen; cause and remedy come from `warning-advice.ts`. Warnings of one
 * code are grouped, so that nine scenarios do not repeat the same text nine times.
 */
import type { Warning } from '../harness/contract/summary.ts';
import { plain } from './format.ts';
import { awayText, idleTimeoutDiffers } from './race-warnings.ts';
import { warningAdvice } from './warning-advice.ts';

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
    return { code, ...warningAdvice[code], seen: fewOf(same) };
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
      return `${warning.data.strategy} in ${warning.data.scenario}: no request ran into the idle-timeout race.`;
    case 'no-race-behind-balancer':
      return `${warning.data.strategy} in ${warning.data.scenario}: no attempt of the balancer failed.`;
    case 'no-lag-measured':
      return `${warning.data.strategy} in ${warning.data.scenario}: a trial had ${plain('count', warning.data.samples)} requests that can be used to measure lags; at least ${plain('count', warning.data.needed)} are needed.`;
    case 'idle-timeout-differs':
      return idleTimeoutDiffers(warning.data);
    case 'slow-may-be-lost':
      return `${warning.data.strategy} in ${warning.data.scenario}: ${plain('share', warning.data.share)} of the requests.`;
    case 'executed-twice':
      return `${warning.data.strategy} in ${warning.data.scenario}: ${plain('count', warning.data.requests)} requests were executed more than once.`;
    case 'prediction-missed':
      return `${warning.data.strategy} in ${warning.data.scenario}: the timing model expects ${plain('share', warning.data.predicted)} with the lags of the same rounds; the measured share is ${awayText(warning.data)}.`;
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
  return `${trial}: ${what}${plain(kind, value)} (warning above ${plain(kind, limit)}).`;
}

function unreachable(value: never): never {
  throw new Error(`No text for warning ${JSON.stringify(value)}`);
}
