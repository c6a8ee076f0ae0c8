/**
 * Moments at which the machine stood still, and the probes that they touched.
 *
 * The law is about lags, and its prediction draws them independently; a stall hits everything under
 * way at once. So probes that a stall touched are left out, answered and dead alike: which those are is
 * told by *other* requests (every 2 ms one shows its lags, and each shows whether it left in time),
 * never by the probe's own fate. What is left is what the law must hold for.
 */
import type { Departure, LagSample, Probe, Sweep, SweepSetup } from './race-sweep.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A lag above this is a stall, ms. */
export const stallMsMin = 2;
const padMs = 0.5;

export function stallsOf({ lags, departures }: Sweep, { rttMs }: SweepSetup): Span[] {
  const spans = [
    ...lags.flatMap((lag) => stallsOfLag(lag, rttMs / 2)),
    ...departures.flatMap(stallOfDeparture),
  ];
  return united(spans.map(({ fromMs, toMs }) => ({ fromMs: fromMs - padMs, toMs: toMs + padMs })));
}

/** The probes whose fate was not decided in a stall. */
export function untouched(
  probes: readonly Probe[],
  stalls: readonly Span[],
  { idleTimeoutMs, rttMs }: SweepSetup,
): Probe[] {
  const wayMs = rttMs / 2 + stallMsMin;
  return probes.filter(({ ageMs, sentMs, answerPathMs }) => {
    const closesMs = sentMs - ageMs - answerPathMs + idleTimeoutMs;
    const decisive = [
      { fromMs: sentMs, toMs: sentMs + wayMs },
      { fromMs: closesMs - 1, toMs: closesMs + wayMs },
    ];
    return !decisive.some((span) => touches(span, stalls));
  });
}

/** A way takes R/2; what is more was spent standing still at its start or at its end. */
function stallsOfLag({ sentMs, noticedMs, answeredMs, doneMs }: LagSample, wayMs: number): Span[] {
  return [
    { fromMs: sentMs, toMs: noticedMs },
    { fromMs: answeredMs, toMs: doneMs },
  ].flatMap(({ fromMs, toMs }) => {
    const excessMs = toMs - fromMs - wayMs;
    return excessMs <= stallMsMin
      ? []
      : [
          { fromMs, toMs: fromMs + excessMs },
          { fromMs: toMs - excessMs, toMs },
        ];
  });
}

function stallOfDeparture({ intendedMs, startedMs }: Departure): Span[] {
  return startedMs - intendedMs > stallMsMin ? [{ fromMs: intendedMs, toMs: startedMs }] : [];
}

/** Sorted, and none touching another. */
function united(spans: readonly Span[]): Span[] {
  const result: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else result.push({ fromMs, toMs });
  }
  return result;
}

function touches({ fromMs, toMs }: Span, spans: readonly Span[]): boolean {
  return spans.some((span) => span.fromMs <= toMs && span.toMs >= fromMs);
}
