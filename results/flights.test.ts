import { expect, test } from 'vitest';
import { outcomeCode } from '../harness/contract/outcome.ts';
import { deathSigns } from '../harness/contract/samples.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { wireEvents } from '../harness/contract/wire.ts';
import { planOf } from '../test/fixtures/plan.ts';
import { trialResultOf } from '../test/fixtures/trial-result.ts';
import { flightsOf } from './flights.ts';

const ms = 1e6;
const startNs = 1e12;

const plan = planOf({
  warmupNs: 100 * ms,
  intendedNs: Float64Array.of(50 * ms, 200 * ms, 700 * ms, 800 * ms),
});

/** Deaths: in the warm-up, of the race with all witnesses, and by a timeout. */
function trial(): TrialResult {
  const code = (sign: (typeof deathSigns)[number]) => deathSigns.indexOf(sign);
  const deaths = {
    request: Uint32Array.of(0, 2, 3),
    outcome: Uint8Array.of(outcomeCode['idle-race'], outcomeCode['idle-race'], outcomeCode.timeout),
    sign: Uint8Array.of(code('fin'), code('fin'), code('timeout')),
    connection: Uint32Array.of(0, 1, 1),
    idleAgeNs: Float64Array.of(495 * ms, 495 * ms, 1),
    sentNs: Float64Array.of(50 * ms, 700 * ms, 800 * ms),
    diedNs: Float64Array.of(55 * ms, 705 * ms, 900 * ms),
  };
  const connections = { localPort: Uint16Array.of(4_000, 4_001) };
  const wireRows = [
    [4_001, 'request-bytes', 205],
    [4_001, 'server-fin', 704],
    [4_000, 'server-fin', 703],
    [4_001, 'request-bytes', 705],
    [4_001, 'rst-to-client', 710],
  ] as const;
  return trialResultOf({
    generator: { startNs, deaths, connections },
    target: { ledger: { executions: Uint8Array.of(0, 1, 0, 1) } },
    wire: {
      connections: 2,
      latenessMs: { p50: 0, p99: 0, max: 0 },
      clientPort: Uint16Array.from(wireRows, ([port]) => port),
      event: Uint8Array.from(wireRows, ([, event]) => wireEvents.indexOf(event)),
      atNs: Float64Array.from(wireRows, ([, , atMs]) => startNs + atMs * ms),
    },
    capture: {
      file: 'captures/main.reuse.r1.pcap',
      packets: 0,
      incompleteBecause: null,
      account: {
        connections: 2,
        serverFins: 2,
        serverRsts: 1,
        deaths: [
          {
            clientPort: 4_001,
            sign: 'rst',
            reused: true,
            requestNs: startNs + 200 * ms,
            signNs: startNs + 201 * ms,
            rstNs: null,
          },
          {
            clientPort: 4_001,
            sign: 'fin',
            reused: true,
            requestNs: startNs + 700.5 * ms,
            signNs: startNs + 704.5 * ms,
            rstNs: startNs + 710.5 * ms,
          },
        ],
      },
    },
  });
}

test('flightsOf() lays what each witness says of a measured death on the axis of the request', () => {
  expect(flightsOf(plan, trial(), 3)).toEqual([
    {
      trial: 'main.reuse.r1',
      request: 2,
      attempt: 1,
      method: 'POST',
      outcome: 'idle-race',
      sign: 'fin',
      idleAgeMs: 495,
      executions: 0,
      events: [
        { witness: 'client', step: 'answer-read', atMs: -495 },
        { witness: 'client', step: 'request-written', atMs: 0 },
        { witness: 'packets', step: 'request-sent', atMs: 0 },
        { witness: 'wire', step: 'fin-passed', atMs: 4 },
        { witness: 'packets', step: 'fin-sent', atMs: 4 },
        { witness: 'client', step: 'death-noticed', atMs: 5 },
        { witness: 'wire', step: 'request-passed', atMs: 5 },
        { witness: 'wire', step: 'rst-passed', atMs: 10 },
        { witness: 'packets', step: 'rst-sent', atMs: 10 },
      ],
    },
  ]);
});

test('flightsOf() goes without the witnesses that are not there, and gives no more than asked', () => {
  const [flight] = flightsOf(plan, { ...trial(), wire: null, capture: null, target: null }, 3);
  expect(flight.executions).toBeNull();
  expect(new Set(flight.events.map(({ witness }) => witness))).toEqual(new Set(['client']));
  expect(flightsOf(plan, trial(), 0)).toEqual([]);
  expect(flightsOf(plan, { ...trial(), generator: null }, 3)).toEqual([]);
});
