import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Life, shortestMs, spansTick, stepMs } from './idle-lives.ts';

const idle = fc.double({ min: 10, max: 100_000, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Lives on a server that looks every `tickMs`: the first look after the idle timeout ends one. */
function livesOf(answeredMs: readonly number[], idleMs: number, tickMs: number, phaseMs: number): Life[] {
  return answeredMs.map((answeredAtMs) => {
    const looks = Math.ceil((answeredAtMs + idleMs - phaseMs) / tickMs);
    return { answeredAtMs, afterMs: phaseMs + looks * tickMs - answeredAtMs };
  });
}

/** Sixteen answers over 1.2 s, each up to 40 ms late. */
const answers = fc
  .array(share, { minLength: 16, maxLength: 16 })
  .map((late) => late.map((one, index) => index * 80 + one * 40));

test('the shortest lifetime seen less the step is never above the idle timeout, if answers span a tick', () => {
  const tick = fc.oneof(
    fc.double({ min: 1, max: 1_000, noNaN: true }),
    fc.double({ min: 1, max: 10_000, noNaN: true }),
  );
  fc.assert(
    fc.property(answers, idle, tick, share, (answeredMs, idleMs, tickMs, phase) => {
      const lives = livesOf(answeredMs, idleMs, tickMs, phase * tickMs);
      if (tickMs <= 1_000) expect(spansTick(lives)).toBe(true);
      if (spansTick(lives)) expect(shortestMs(lives) - stepMs(lives)).toBeLessThanOrEqual(idleMs + 1e-6);
    }),
    { numRuns: 2_000 },
  );
});

test('answers do not span a tick of ten seconds that passes none of them', () => {
  const lives = livesOf([0, 400, 800, 1_200], 3_000, 10_000, 9_000);
  expect(lives.map(({ afterMs }) => afterMs)).toEqual([9_000, 8_600, 8_200, 7_800]);
  expect(spansTick(lives)).toBe(false);
  expect(spansTick(livesOf([0, 400, 800, 1_200], 3_000, 10_000, 3_500))).toBe(true);
  expect(spansTick([])).toBe(true);
});

test('stepMs() is the longest time between two answers, in whatever order they ended', () => {
  const life = (answeredAtMs: number) => ({ answeredAtMs, afterMs: 5 });
  expect(stepMs([life(100), life(0), life(350)])).toBe(250);
  expect(stepMs([life(7)])).toBe(0);
});
