/** Sentences of the warnings about the race: how far a share is from the model, and which idle timeout was seen. */
import type { Warning } from '../harness/contract/summary.ts';
import { plain, scaleFor } from './format.ts';

/** `0.22 percentage points higher (95 % CI 0.04 to 0.40)`: the interval does not include 0. */
export function awayText({
  difference,
  low,
  high,
}: {
  difference: number;
  low: number;
  high: number;
}): string {
  const sizes = [difference, low, high].map(Math.abs);
  const scale = scaleFor('share', sizes);
  const [size, ...ends] = sizes.map((one) => scale.number(one));
  const between = low < 0 ? [...ends].reverse() : ends;
  return `${size} percentage points ${difference < 0 ? 'lower' : 'higher'} (95 % CI ${between.join(' to ')})`;
}

export function idleTimeoutDiffers({
  scenario,
  configuredMs,
  seenMs,
  closes,
  reusesBeyond,
  longestReuseMs,
}: Extract<Warning, { code: 'idle-timeout-differs' }>['data']): string {
  const seconds = (ms: number | null) => (ms === null ? 'none' : `${Number((ms / 1_000).toPrecision(3))} s`);
  const instead = seenMs === null ? `longer than ${seconds(longestReuseMs)}` : seconds(seenMs);
  return (
    `${scenario}: the idle timeout seems to be ${instead}, not ${seconds(configuredMs)} ` +
    `(idle connections that the server closed: ${plain('count', closes)}; reuses that succeeded past the configured timeout: ${plain('count', reusesBeyond)}).`
  );
}
