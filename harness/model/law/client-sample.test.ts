/** Long plans are replayed by some of their clients, short ones by all. */
import { expect, test } from 'vitest';
import { planOfClients } from '../../../test/fixtures/plan.ts';
import { clientSample, sampledPlan } from './client-sample.ts';

test('sampledPlan() leaves a short plan as it is', () => {
  const plan = planOfClients(20, () => [1, 2, 3]);
  const sent = { plan, startedNs: plan.intendedNs };
  expect(sampledPlan(sent)).toEqual(sent);
});

test('sampledPlan() keeps whole clients of a long plan, about 100,000 requests, in their order', () => {
  const plan = planOfClients(2_000, (client) =>
    Array.from({ length: 200 }, (_, index) => client + 5 * index),
  );
  const startedNs = plan.intendedNs.map((ns) => ns + 7);
  const sample = clientSample(plan);
  const sampled = sampledPlan({ plan, startedNs });
  const rows = [...plan.client.keys()].filter((row) => sample[plan.client[row]] === 1);
  expect(sampled.plan.intendedNs).toEqual(Float64Array.from(rows, (row) => plan.intendedNs[row]));
  expect(sampled.startedNs).toEqual(sampled.plan.intendedNs.map((ns) => ns + 7));
  expect(sampled.plan.clients).toBe(sample.filter((is) => is === 1).length);
  expect(rows.length).toBe(200 * sampled.plan.clients);
  expect(rows.length).toBeGreaterThan(90_000);
  expect(rows.length).toBeLessThan(110_000);
  // Another round replays other clients.
  const rounds = [1, 2, 3, 4, 5].map((round) => clientSample({ ...plan, round }).join(''));
  expect(new Set(rounds).size).toBeGreaterThan(1);
});

test('clientSample() takes clients that send, and as many of the first as of the last', () => {
  // The first hundred of 400 send twice as many requests as the second hundred, as in a burst of 300 over 200 clients.
  const plan = planOfClients(400, (client) =>
    Array.from({ length: client < 100 ? 2_000 : client < 200 ? 1_000 : 0 }, (_, index) => index),
  );
  for (let round = 1; round <= 5; round++) {
    const sample = clientSample({ ...plan, round });
    const taken = (from: number, to: number) =>
      sample.subarray(from, to).reduce((sum, value) => sum + value, 0);
    expect(taken(0, 200)).toBe(67);
    expect(Math.abs(taken(0, 100) - taken(100, 200))).toBeLessThanOrEqual(2);
    expect(taken(200, 400)).toBe(0);
  }
});

test('clientSample() takes every client of a few, however long the plan', () => {
  const plan = planOfClients(3, () => Array.from({ length: 200_000 }, (_, index) => index));
  expect(clientSample(plan)).toEqual(new Uint8Array(3).fill(1));
});
