/**
 * A load plan from a scenario's traffic: pure, so that the same seed gives the same arrays anywhere.
 *
 * Streams of random numbers are named by purpose, round and client, and not by scenario: scenarios
 * that differ only in target or network run under the same draws and can be compared. For
 * think-time traffic the drawn gap is the idle age of a warm connection, so the nominal response
 * time (round trips + mean service time) is added between two intended times: the draws are the same
 * at every round trip, the plans are not.
 */

import { draw, mean } from '../../base/distribution.ts';
import { HarnessError } from '../../base/errors.ts';
import { prng } from '../../base/prng.ts';
import { nsPerMs, nsPerSecond } from '../../base/units.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';
import type { ScenarioConfig, TrafficConfig } from '../../contract/run-config.ts';
import { nominalResponseMs } from '../nominal-response.ts';
import { fingerprint } from './fingerprint.ts';

export interface PlanTimes {
  readonly seed: number;
  readonly warmupMs: number;
  readonly durationMs: number;
}

/** More rows than this is a mistake in the matrix, not a load test: 20 million take about 1 GiB. */
const rowsMax = 20_000_000;

interface Arrivals {
  /** ns from the start, in any order. */
  readonly atNs: number[];
  readonly client: number[];
}

/** @throws HarnessError `config-invalid` when the traffic would make more than 20 million requests. */
export function buildPlan(scenario: ScenarioConfig, run: PlanTimes, round: number): LoadPlan {
  const { traffic, requests } = scenario;
  const warmupNs = run.warmupMs * nsPerMs;
  const endNs = warmupNs + run.durationMs * nsPerMs;
  const { atNs, client } = sorted(arrivalsOf(scenario, run.seed, round, endNs));
  const { template, bodyBytes } = drawMix(requests, run.seed, round, atNs.length);
  const plan = {
    loop: traffic.kind === 'closed' ? ('closed' as const) : ('open' as const),
    round,
    clients: traffic.clients,
    warmupNs,
    endNs,
    intendedNs: atNs,
    client,
    template,
    bodyBytes,
    templates: requests.map((mix) => mix.template),
  };
  return { ...plan, fingerprint: fingerprint(plan) };
}

function arrivalsOf(scenario: ScenarioConfig, seed: number, round: number, endNs: number): Arrivals {
  const { traffic } = scenario;
  const stream = (purpose: string, client = 0) => prng(seed, purpose, round, client);
  switch (traffic.kind) {
    case 'think-time':
      return thinkTime(traffic, nominalResponseMs(scenario), stream, endNs);
    case 'poisson':
      return poisson(traffic, stream, endNs);
    case 'bursts':
      return bursts(traffic, endNs);
    case 'heartbeat':
      return heartbeat(traffic, stream, endNs);
    case 'closed':
      return closed(traffic);
  }
}

type Stream = (purpose: string, client?: number) => ReturnType<typeof prng>;
type Traffic<Kind extends TrafficConfig['kind']> = Extract<TrafficConfig, { kind: Kind }>;

function thinkTime(
  { clients, gapMs }: Traffic<'think-time'>,
  responseMs: number,
  stream: Stream,
  endNs: number,
): Arrivals {
  const arrivals: Arrivals = { atNs: [], client: [] };
  const cycleMs = responseMs + mean(gapMs);
  for (let client = 0; client < clients; client++) {
    const random = stream('gaps', client);
    // First requests spread over one mean cycle, so that clients do not march in step.
    let atNs = random() * cycleMs * nsPerMs;
    while (atNs < endNs) {
      push(arrivals, atNs, client);
      atNs += Math.max(1, (responseMs + draw(gapMs, random)) * nsPerMs);
    }
  }
  return arrivals;
}

function poisson({ clients, ratePerSecond }: Traffic<'poisson'>, stream: Stream, endNs: number): Arrivals {
  const arrivals: Arrivals = { atNs: [], client: [] };
  const random = stream('poisson');
  const gapNs = nsPerSecond / ratePerSecond;
  const gap = () => -Math.log(1 - random()) * gapNs;
  let atNs = gap();
  while (atNs < endNs) {
    push(arrivals, atNs, Math.floor(random() * clients));
    atNs += gap();
  }
  return arrivals;
}

function bursts({ clients, burstRequests, periodMs, spreadMs }: Traffic<'bursts'>, endNs: number): Arrivals {
  const arrivals: Arrivals = { atNs: [], client: [] };
  for (let burst = 0; burst * periodMs * nsPerMs < endNs; burst++) {
    for (let index = 0; index < burstRequests; index++) {
      const atNs = (burst * periodMs + (index / burstRequests) * spreadMs) * nsPerMs;
      if (atNs < endNs) push(arrivals, atNs, index % clients);
    }
  }
  return arrivals;
}

function heartbeat(
  { clients, periodMs, jitterMs }: Traffic<'heartbeat'>,
  stream: Stream,
  endNs: number,
): Arrivals {
  const arrivals: Arrivals = { atNs: [], client: [] };
  for (let client = 0; client < clients; client++) {
    const random = stream('beats', client);
    const phaseMs = random() * periodMs;
    for (let beat = 0; (phaseMs + beat * periodMs) * nsPerMs < endNs; beat++) {
      const atNs = (phaseMs + beat * periodMs + (2 * random() - 1) * jitterMs) * nsPerMs;
      if (atNs < endNs) push(arrivals, Math.max(0, atNs), client);
    }
  }
  return arrivals;
}

function closed({ clients, requestsMax }: Traffic<'closed'>): Arrivals {
  if (requestsMax > rowsMax) throw tooManyRows();
  const arrivals: Arrivals = { atNs: [], client: [] };
  for (let row = 0; row < requestsMax; row++) push(arrivals, 0, row % clients);
  return arrivals;
}

function push({ atNs, client }: Arrivals, timeNs: number, ofClient: number): void {
  if (atNs.length >= rowsMax) throw tooManyRows();
  atNs.push(timeNs);
  client.push(ofClient);
}

function tooManyRows(): HarnessError {
  return new HarnessError(
    'config-invalid',
    `The traffic would make more than ${rowsMax} requests in a trial; make it shorter, slower or with fewer clients.`,
  );
}

/** By time; rows of one time keep their order. */
function sorted({ atNs, client }: Arrivals): { atNs: Float64Array; client: Uint32Array } {
  if (atNs.every((at, row) => row === 0 || at >= atNs[row - 1])) {
    return { atNs: Float64Array.from(atNs), client: Uint32Array.from(client) };
  }
  const order = Uint32Array.from(atNs.keys()).sort((a, b) => atNs[a] - atNs[b] || a - b);
  return {
    atNs: Float64Array.from(order, (row) => atNs[row]),
    client: Uint32Array.from(order, (row) => client[row]),
  };
}

function drawMix(requests: ScenarioConfig['requests'], seed: number, round: number, rows: number) {
  const random = prng(seed, 'mix', round);
  const template = new Uint8Array(rows);
  const bodyBytes = new Uint32Array(rows);
  const weightSum = requests.reduce((sum, { weight }) => sum + weight, 0);
  for (let row = 0; row < rows; row++) {
    let rest = random() * weightSum;
    let index = 0;
    while (index < requests.length - 1 && rest >= requests[index].weight) rest -= requests[index++].weight;
    template[row] = index;
    bodyBytes[row] = Math.round(draw(requests[index].bodyBytes, random));
  }
  return { template, bodyBytes };
}
