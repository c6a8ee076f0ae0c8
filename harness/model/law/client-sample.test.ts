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
  expect(clientSample({ ...plan, round: plan.round + 1 })).not.toEqual(sample);
});
