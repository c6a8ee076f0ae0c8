import { expect, test } from 'vitest';
import { outcomeCode } from '../../harness/contract/outcome.ts';
import { reportOf } from '../../test/fixtures/trial-result.ts';
import { hintPlan, orderPlan, poolOrder, raceAccount, racePlan } from './experiments.ts';

const stillOpen = Number.NaN;

test.each<[string, number[], number[], number?]>([
  ['LIFO', [0, 1, 2, 2, 2], [0, 0, 0, 1, 1]],
  ['LIFO', [0, 1, 2, 1, 1], [0, 0, 0, 1, 1], 250],
  ['FIFO', [0, 1, 2, 0, 1], [0, 0, 0, 1, 1]],
  ['by index', [0, 1, 2, 0, 0], [0, 0, 0, 1, 1]],
  ['another', [0, 1, 2, 1, 0], [0, 0, 0, 1, 1]],
  ['no pool', [0, 1, 2, 3, 4], [0, 0, 0, 0, 0]],
  ['another', [0, 0, 0, 0, 0], [0, 1, 1, 1, 1]],
] as const)(
  'poolOrder() says %s of connections %j',
  (expected, connection, reused, thirdClosed = stillOpen) => {
    const requests = {
      connection: Uint32Array.from(connection),
      reused: Uint8Array.from(reused),
      startedNs: Float64Array.of(50, 60, 70, 300, 450),
    };
    const closedNs = Float64Array.of(stillOpen, stillOpen, thirdClosed, stillOpen, stillOpen);
    expect(poolOrder(reportOf({ requests, connections: { closedNs } }))).toBe(expected);
  },
);

test('raceAccount() counts what failed and what was sent again', () => {
  const outcome = Uint8Array.of(outcomeCode.ok, outcomeCode['idle-race'], outcomeCode.ok);
  const requests = { outcome, attempts: Uint8Array.of(1, 1, 2) };
  expect(raceAccount(reportOf({ requests, counters: { started: 3 } }))).toEqual({
    requests: 3,
    failed: 1,
    sentAgain: 1,
  });
});

test('the plans leave the gaps that their questions need', () => {
  const gaps = (plan: ReturnType<typeof hintPlan>) =>
    Array.from({ length: plan.clients }, (_, client) =>
      plan.intendedNs.filter((__, row) => plan.client[row] === client),
    ).flatMap((times) => [...times.slice(1)].map((atNs, index) => (atNs - times[index]) / 1e6));
  const race = gaps(racePlan('GET'));
  expect(race).toHaveLength(480);
  expect(race.filter((ms) => ms > 490 && ms < 500).length).toBeGreaterThan(30);
  expect(Math.min(...gaps(hintPlan()))).toBeGreaterThan(2_399);
  expect(Math.max(...gaps(hintPlan()))).toBeLessThan(2_901);
  expect(orderPlan().client).toHaveLength(5);
  expect(racePlan('GET').templates[0].method).toBe('GET');
});
