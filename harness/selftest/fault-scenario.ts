/**
 * The load of the fault oracle: every request has one fault or none, and a place in time with so much
 * room around it that only a machine that stands still can change what happens.
 *
 * Each fault has clients of its own. `reused`: a good request first, the faulted one on the same
 * connection later. `fresh`: the faulted one is the client's first. Where a connection should have
 * survived, or should not have, a further request tells. One more client sends good requests all the
 * time: how long they take tells how fast the machine is.
 */
import { prng, shuffled } from '../base/prng.ts';
import { type FaultKind, type FaultScript, faultCode } from '../contract/fault.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { planOf } from './bench.ts';
import { type Carrier, type RequestEnd, refusedEnd } from './fault-expectations.ts';

/** Times that each fault is committed, on reused and again on fresh connections. */
export const timesEach = 5;

/** From a client's good request to its faulted one, ms. */
const reuseAfterMs = 120;
/** Before new connections are refused, ms. */
const quietMs = 300;
const warmupMs = 250;
const controlEveryMs = 20;

/** Requests of which the same is expected. */
interface Injection {
  /** For example `fin-executed on a reused connection`. */
  readonly what: string;
  readonly expected: RequestEnd;
  /** Rows of the plan, each with the row of the client's next request or null. */
  readonly rows: readonly { readonly row: number; readonly next: number | null }[];
}

export interface FaultScenario {
  readonly plan: LoadPlan;
  readonly faults: FaultScript;
  readonly injections: readonly Injection[];
  /** Rows without a fault. */
  readonly plainRows: readonly number[];
  /** Those of the plain rows that tell how fast the machine is. */
  readonly controlRows: readonly number[];
}

interface Step {
  readonly atMs: number;
  readonly client: number;
  readonly fault: FaultKind;
}

/** The client's requests, in order; the faulted one and perhaps one after it. */
interface Story {
  readonly what: string;
  readonly expected: RequestEnd;
  readonly faulted: Step;
  readonly next: Step | null;
}

export interface FaultClients {
  readonly kinds: readonly FaultKind[];
  /** From one client's start to the next one's, ms. */
  readonly everyMs: number;
  /** What must become of a request with that fault. */
  expected(kind: FaultKind, carrier: Carrier): RequestEnd;
  /** For each kind, when the client's next request comes, ms after the faulted one. */
  readonly nextAfterMs: Partial<Record<FaultKind, number>>;
  /** Windows, this long, in which new connections are refused; null: none. */
  readonly refuseMs: number | null;
}

export function faultScenario(clients: FaultClients, seed: number): FaultScenario {
  const steps: Step[] = [];
  const stories: Story[] = [];
  let client = 0;
  const add = (atMs: number, fault: FaultKind = 'none') => {
    const step = { atMs, client, fault };
    steps.push(step);
    return step;
  };
  let atMs = warmupMs;
  for (const { kind, carrier } of drawOrder(clients, seed)) {
    client++;
    if (carrier === 'reused') add(atMs);
    const faultedMs = carrier === 'reused' ? atMs + reuseAfterMs : atMs;
    const faulted = add(faultedMs, kind);
    const nextMs = clients.nextAfterMs[kind];
    const next = nextMs === undefined ? null : add(faultedMs + nextMs);
    const what = `${kind} on a ${carrier} connection`;
    stories.push({ what, expected: clients.expected(kind, carrier), faulted, next });
    atMs += clients.everyMs;
  }
  if (clients.refuseMs !== null) {
    const startMs = Math.max(...steps.map((step) => step.atMs)) + quietMs;
    client = addRefusals(steps, stories, {
      refuseMs: clients.refuseMs,
      startMs,
      client,
      expected: clients.expected,
    });
  }
  const endMs = Math.max(...steps.map((step) => step.atMs)) + 2 * controlEveryMs;
  client = 0;
  const controls: Step[] = [];
  for (let controlMs = 20; controlMs < endMs; controlMs += controlEveryMs) controls.push(add(controlMs));
  return layOut(steps, stories, controls, endMs);
}

/** Longest wait first, so that it runs beside the others; within that, shuffled. */
function drawOrder(
  { kinds, nextAfterMs }: FaultClients,
  seed: number,
): { kind: FaultKind; carrier: Carrier }[] {
  const all = kinds.flatMap((kind) =>
    (['reused', 'fresh'] as const).flatMap((carrier) => Array(timesEach).fill({ kind, carrier })),
  ) as { kind: FaultKind; carrier: Carrier }[];
  const waitMs = (kind: FaultKind) => nextAfterMs[kind] ?? (kind === 'black-hole' ? 600 : 0);
  return shuffled(all, prng(seed, 'fault-oracle')).sort((a, b) => waitMs(b.kind) - waitMs(a.kind));
}

/**
 * Windows one after the other, each opened by one fresh client; then one opened by several clients at
 * once on connections that they have. In the middle of each window as many new connections are tried
 * as there are faults in it, and whoever opened it sends again: connections that are there must live.
 */
function addRefusals(
  steps: Step[],
  stories: Story[],
  {
    refuseMs,
    startMs,
    client: clientBefore,
    expected,
  }: Pick<FaultClients, 'expected'> & { refuseMs: number; startMs: number; client: number },
): number {
  let client = clientBefore;
  const add = (ofClient: number, atMs: number, fault: FaultKind = 'none') => {
    const step = { atMs, client: ofClient, fault };
    steps.push(step);
    return step;
  };
  const openWindow = (ofClient: number, atMs: number, carrier: Carrier) => {
    const faulted = add(ofClient, atMs, 'refuse');
    const next = add(ofClient, atMs + refuseMs / 2);
    const what = `refuse on a ${carrier} connection`;
    stories.push({ what, expected: expected('refuse', carrier), faulted, next });
    const probe = add(++client, atMs + refuseMs / 2);
    stories.push({
      what: 'a new connection while refused',
      expected: refusedEnd,
      faulted: probe,
      next: null,
    });
  };
  const periodMs = refuseMs * 1.6;
  for (let window = 0; window < timesEach; window++) {
    openWindow(++client, startMs + window * periodMs, 'fresh');
  }
  const lastMs = startMs + timesEach * periodMs;
  const reusers = Array.from({ length: timesEach }, () => ++client);
  // In the quiet time before the first window.
  for (const reuser of reusers) add(reuser, startMs - quietMs / 2);
  for (const reuser of reusers) openWindow(reuser, lastMs, 'reused');
  return client;
}

function layOut(
  steps: readonly Step[],
  stories: readonly Story[],
  controls: readonly Step[],
  endMs: number,
): FaultScenario {
  // As planOf() will sort them, so that rows are known here.
  const sorted = [...steps].sort((a, b) => a.atMs - b.atMs);
  const rowOf = new Map(sorted.map((step, row) => [step, row]));
  const rowOfStep = (step: Step) => rowOf.get(step) ?? -1;
  const injections = new Map<
    string,
    { what: string; expected: RequestEnd; rows: Injection['rows'][number][] }
  >();
  for (const { what, expected, faulted, next } of stories) {
    const injection = injections.get(what) ?? { what, expected, rows: [] };
    injection.rows.push({ row: rowOfStep(faulted), next: next === null ? null : rowOfStep(next) });
    injections.set(what, injection);
  }
  const told = new Set(stories.map(({ faulted }) => faulted));
  return {
    plan: planOf(sorted, { warmupMs, endMs }),
    faults: Uint8Array.from(sorted, ({ fault }) => faultCode[fault]),
    injections: [...injections.values()].sort((a, b) => a.what.localeCompare(b.what)),
    plainRows: sorted.flatMap((step, row) => (told.has(step) ? [] : [row])),
    controlRows: controls.map(rowOfStep),
  };
}
