import { expect, test } from 'vitest';
import type { Distribution } from '../../contract/distribution.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';
import type { ScenarioConfig, TrafficConfig } from '../../contract/run-config.ts';
import { buildPlan } from './build-plan.ts';
import { decodePlan, encodePlan } from './plan-file.ts';
import { trafficKinds } from './traffic-kinds.ts';

const run = { seed: 1, warmupMs: 1_000, durationMs: 9_000 };
const fixed = (value: number): Distribution => ({ kind: 'fixed', value });

function scenario(traffic: TrafficConfig, more: Partial<ScenarioConfig> = {}): ScenarioConfig {
  return {
    id: 'main',
    axes: {},
    target: {
      kind: 'embedded',
      idleTimeoutMs: 500,
      idleJitterMs: 0,
      tls: false,
      insecure: false,
      advertise: 'idle-timeout',
      serviceMs: fixed(3),
      serviceBy: 'wait',
      responseBytes: fixed(1),
      faults: {},
      faultMs: 1_000,
    },
    via: null,
    network: { rttMs: 10, upstreamRttMs: 0 },
    traffic,
    requests: [
      { weight: 3, template: { method: 'GET', path: '/', headers: {} }, bodyBytes: fixed(0) },
      {
        weight: 1,
        template: { method: 'POST', path: '/b', headers: { a: 'b' } },
        bodyBytes: { kind: 'uniform', min: 10, max: 20 },
      },
    ],
    client: {
      kind: 'lean',
      settings: 'policy',
      connectionsPerClientMax: null,
      connectTimeoutMs: 1,
      requestTimeoutMs: 1,
    },
    lagAllowance: { serverLagMs: 50, clientLagMs: 50 },
    ...more,
  };
}

const kinds: Record<TrafficConfig['kind'], TrafficConfig> = {
  'think-time': { kind: 'think-time', clients: 50, gapMs: { kind: 'uniform', min: 100, max: 300 } },
  poisson: { kind: 'poisson', clients: 7, ratePerSecond: 400 },
  bursts: { kind: 'bursts', clients: 10, burstRequests: 25, periodMs: 700, spreadMs: 50 },
  heartbeat: { kind: 'heartbeat', clients: 20, periodMs: 500, jitterMs: 40 },
  closed: { kind: 'closed', clients: 4, requestsMax: 1_000 },
};

/** Intended times of each client, ms. */
function perClient({ client, clients, intendedNs }: LoadPlan): number[][] {
  const times: number[][] = Array.from({ length: clients }, () => []);
  for (let row = 0; row < client.length; row++) times[client[row]].push(intendedNs[row] / 1e6);
  return times;
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]);

test.each(Object.values(kinds))(
  'every plan of $kind is sorted, within its time, and fingerprinted',
  (traffic) => {
    const plan = buildPlan(scenario(traffic), run, 1);
    expect(plan.intendedNs.length).toBeGreaterThan(100);
    for (let row = 1; row < plan.intendedNs.length; row++) {
      expect(plan.intendedNs[row]).toBeGreaterThanOrEqual(plan.intendedNs[row - 1]);
    }
    expect(plan.intendedNs.at(-1)).toBeLessThan(plan.endNs);
    expect(Math.max(...plan.client)).toBeLessThan(plan.clients);
    expect(plan.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(buildPlan(scenario(traffic), run, 1)).toEqual(plan);
    const others = [
      buildPlan(scenario(traffic), run, 2),
      buildPlan(scenario(traffic), { ...run, seed: 2 }, 1),
    ];
    for (const other of others) expect(other.fingerprint).not.toBe(plan.fingerprint);
    expect(decodePlan(Buffer.from(encodePlan(plan)), 'test')).toEqual(plan);
  },
);

test('think-time leaves the drawn gap between answer and next request of a warm connection', () => {
  const times = perClient(buildPlan(scenario(kinds['think-time']), run, 1));
  const idle = times.flatMap(gaps).map((ms) => ms - 10 - 3);
  expect(idle.length).toBeGreaterThan(1_500);
  // Uniform on [100, 300]: nothing outside, and Kolmogorov and Smirnov's distance below the 99.9 % bound.
  const sorted = Float64Array.from(idle).sort();
  expect(sorted[0]).toBeGreaterThanOrEqual(100 - 1e-6);
  expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(300 + 1e-6);
  const distance = Math.max(
    ...sorted.map((ms, index) => Math.abs((index + 0.5) / sorted.length - (ms - 100) / 200)),
  );
  expect(distance).toBeLessThan(1.95 / Math.sqrt(sorted.length));
});

test('think-time adds every round trip and the service time of whatever server tells it', () => {
  const firstGap = (more: Partial<ScenarioConfig>) => {
    const gapMs = fixed(300);
    const plan = buildPlan(scenario({ kind: 'think-time', clients: 1, gapMs }, more), run, 1);
    return (plan.intendedNs[1] - plan.intendedNs[0]) / 1e6;
  };
  const network = { rttMs: 10, upstreamRttMs: 0 };
  const go = {
    kind: 'go',
    idleTimeoutMs: 500,
    idleTimeoutBy: 'IdleTimeout',
    serviceMs: { kind: 'uniform', min: 10, max: 30 },
    responseBytes: fixed(1),
    faults: {},
    faultMs: 1_000,
  } as const;
  expect(firstGap({ network })).toBeCloseTo(300 + 10 + 3, 6);
  expect(firstGap({ network, target: go })).toBeCloseTo(300 + 10 + 20, 6);
  expect(firstGap({ network: { rttMs: 10, upstreamRttMs: 7 }, target: go })).toBeCloseTo(300 + 17 + 20, 6);
  const {
    serviceMs: _,
    faults: __,
    ...nginx
  } = { ...go, kind: 'nginx', requestsPerConnectionMax: 9 } as const;
  expect(firstGap({ network, target: { ...nginx, responseBytes: 1 } })).toBeCloseTo(300 + 10, 6);
});

test('poisson has its rate and exponential gaps', () => {
  const { intendedNs } = buildPlan(scenario(kinds.poisson), run, 1);
  expect(Math.abs(intendedNs.length - 4_000)).toBeLessThan(5 * Math.sqrt(4_000));
  const times = [...intendedNs].map((ns) => ns / 1e6);
  const long = gaps(times).filter((ms) => ms > 2.5).length / times.length;
  expect(Math.abs(long - Math.exp(-1))).toBeLessThan(0.04);
});

test('bursts sends exactly its number each period, within its spread', () => {
  const { intendedNs, client } = buildPlan(scenario(kinds.bursts), run, 1);
  const counts = new Map<number, number>();
  for (const ns of intendedNs) {
    const burst = Math.floor(ns / 1e6 / 700);
    expect(ns / 1e6 - burst * 700).toBeLessThan(50);
    counts.set(burst, (counts.get(burst) ?? 0) + 1);
  }
  expect([...counts.values()].every((count) => count === 25)).toBe(true);
  expect(new Set(client).size).toBe(10);
});

test('heartbeat keeps each client to its period, give or take the jitter', () => {
  for (const times of perClient(buildPlan(scenario(kinds.heartbeat), run, 1))) {
    // The very first beat may be clamped at the start.
    for (const ms of gaps(times).slice(1)) expect(Math.abs(ms - 500)).toBeLessThanOrEqual(80 + 1e-6);
  }
});

test('closed has rows for each client in turn and no times', () => {
  const plan = buildPlan(scenario(kinds.closed), run, 1);
  expect(plan.loop).toBe('closed');
  expect([...plan.client.slice(0, 5)]).toEqual([0, 1, 2, 3, 0]);
  expect(plan.intendedNs.every((ns) => ns === 0)).toBe(true);
});

test('the mix follows its weights, bodies their distribution', () => {
  const { template, bodyBytes } = buildPlan(scenario(kinds.poisson), run, 1);
  const posts = template.filter((index) => index === 1).length / template.length;
  expect(Math.abs(posts - 0.25)).toBeLessThan(0.04);
  template.forEach((index, row) => {
    expect(index === 0 ? bodyBytes[row] === 0 : bodyBytes[row] >= 10 && bodyBytes[row] <= 20).toBe(true);
  });
});

test('plans do not depend on the scenario’s name or timeout, so that scenarios can be compared', () => {
  const plan = buildPlan(scenario(kinds['think-time']), run, 1);
  const { target, ...same } = scenario(kinds['think-time'], { id: 'other' });
  const other = { ...same, target: { ...target, idleTimeoutMs: 9_000 } };
  expect(buildPlan(other, run, 1).fingerprint).toBe(plan.fingerprint);
});

test('buildPlan() refuses a plan that no machine would hold', () => {
  const tooMany: TrafficConfig = { kind: 'closed', clients: 1, requestsMax: 20_000_001 };
  expect(() => buildPlan(scenario(tooMany), run, 1)).toThrow(/more than 20000000 requests/);
});

test('idlerace list traffic names every kind', () => {
  expect(trafficKinds.map(({ id }) => id)).toEqual(Object.keys(kinds));
});
