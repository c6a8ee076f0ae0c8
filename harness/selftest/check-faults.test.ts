/** The oracle can fail: a perfect trial holds, and each way of tampering with it is found. */

import { expect, test } from 'vitest';
import { trialResultOf } from '../../test/fixtures/trial-result.ts';
import { type FaultKind, faultCode, faultKinds } from '../contract/fault.ts';
import { type Outcome, outcomeCode } from '../contract/outcome.ts';
import { type CloseCause, closeCauses, deathSigns } from '../contract/samples.ts';
import type { TrialResult } from '../contract/trial.ts';
import { concludeFaults } from './check-faults.ts';
import { expectedEnd, plainEnd, type RequestEnd } from './fault-expectations.ts';
import { type FaultClients, type FaultScenario, faultScenario, timesEach } from './fault-scenario.ts';
import { judgeFaults } from './judge-faults.ts';

const clients: FaultClients = {
  kinds: ['fin-executed', 'black-hole', 'idle-fin', 'status-500', 'hint-too-short'],
  everyMs: 5,
  expected: (kind, carrier) => expectedEnd(kind, { carrier, retried: false }),
  nextAfterMs: { 'idle-fin': 150, 'status-500': 150, 'hint-too-short': 750 },
  refuseMs: 160,
};
const scenario = faultScenario(clients, 1);

/** Everything as it should be: each request on a connection of its own, but for a next one on the same. */
function perfectTrial({ plan, injections, plainRows }: FaultScenario) {
  const rows = plan.client.length;
  const requests = {
    startedNs: plan.intendedNs.slice(),
    sentNs: plan.intendedNs.slice(),
    doneNs: plan.intendedNs.slice(),
    outcome: new Uint8Array(rows),
    connection: Uint32Array.from({ length: rows }, (_, row) => row),
  };
  const deaths: { request: number; outcome: Outcome; sign: (typeof deathSigns)[number] }[] = [];
  const causes: CloseCause[] = Array(rows).fill('open');
  const executions = new Uint8Array(rows);
  const end = (row: number, next: number | null, expected: RequestEnd) => {
    requests.outcome[row] = outcomeCode[expected.outcome];
    executions[row] = expected.executed;
    for (const death of expected.deaths) deaths.push({ request: row, ...death });
    if (expected.cause !== null) causes[row] = expected.cause;
    if (next !== null && expected.next === 'ok on the same connection') requests.connection[next] = row;
  };
  for (const row of plainRows) end(row, null, plainEnd);
  for (const { expected, rows: injected } of injections) {
    for (const { row, next } of injected) end(row, next, expected);
  }
  return {
    requests,
    deaths,
    causes,
    executions,
    reasons: [] as string[],
    laws: [{ law: 'a', left: 1, right: 1 }],
  };
}

type Parts = ReturnType<typeof perfectTrial>;

function trialOf({ requests, deaths, causes, executions, reasons, laws }: Parts): TrialResult {
  return trialResultOf({
    generator: {
      requests,
      deaths: {
        request: Uint32Array.from(deaths, ({ request }) => request),
        outcome: Uint8Array.from(deaths, ({ outcome }) => outcomeCode[outcome]),
        sign: Uint8Array.from(deaths, ({ sign }) => deathSigns.indexOf(sign)),
        connection: Uint32Array.from(deaths, ({ request }) => requests.connection[request]),
      },
      connections: { cause: Uint8Array.from(causes, (cause) => closeCauses.indexOf(cause)) },
    },
    target: { ledger: { executions, answers: executions } },
    health: { reasons, laws },
  });
}

function conclude(tamper: (parts: Parts) => void = () => {}) {
  const parts = perfectTrial(scenario);
  tamper(parts);
  return concludeFaults([judgeFaults(scenario, trialOf(parts), 'here')]);
}

const rowsOf = (what: string) => scenario.injections.find((one) => one.what === what)?.rows ?? [];
const rowOf = (what: string) => rowsOf(what)[timesEach - 1].row;
const fin = 'fin-executed on a reused connection';

test('a perfect trial holds', () => {
  const { status, findings, healthReasons } = conclude();
  expect(findings.filter(({ held }) => !held)).toEqual([]);
  expect([status, healthReasons]).toEqual(['held', []]);
});

const tamperings: readonly [string, string, (parts: Parts) => void][] = [
  [
    'one outcome of another class',
    fin,
    (parts) => {
      parts.requests.outcome[rowOf(fin)] = outcomeCode.eof;
    },
  ],
  [
    'one execution that the ledger did not book',
    fin,
    (parts) => {
      parts.executions[rowOf(fin)] = 0;
    },
  ],
  [
    'one FIN taken for an RST',
    fin,
    (parts) => {
      const at = parts.deaths.findIndex(({ request }) => request === rowOf(fin));
      parts.deaths[at] = { ...parts.deaths[at], sign: 'rst' };
    },
  ],
  [
    'one attempt that died silently',
    fin,
    (parts) => {
      parts.deaths = parts.deaths.filter(({ request }) => request !== rowOf(fin));
    },
  ],
  [
    'one connection closed for another reason',
    'idle-fin on a fresh connection',
    (parts) => {
      parts.causes[rowOf('idle-fin on a fresh connection')] = 'evicted';
    },
  ],
  [
    'a next request on a connection that was closed',
    'idle-fin on a fresh connection',
    (parts) => {
      const { row, next } = rowsOf('idle-fin on a fresh connection')[0];
      parts.requests.connection[next ?? 0] = row;
    },
  ],
  [
    'a refused connection that was let in',
    'a new connection while refused',
    (parts) => {
      const row = rowOf('a new connection while refused');
      parts.requests.outcome[row] = outcomeCode.ok;
      parts.deaths = parts.deaths.filter(({ request }) => request !== row);
    },
  ],
  [
    'a good request executed twice',
    'requests without a fault',
    (parts) => {
      parts.executions[scenario.plainRows[0]] = 2;
    },
  ],
  [
    'a broken law',
    'conservation laws',
    (parts) => {
      parts.laws[0].left = 2;
      parts.reasons.push('a law is broken: a (2 ≠ 1)');
    },
  ],
];

test.each(tamperings)('%s fails the check, in the finding "%s" and no other', (_, what, tamper) => {
  const { status, findings } = conclude(tamper);
  expect(findings.filter(({ held }) => !held).map((finding) => finding.what)).toEqual([`${what} here`]);
  expect(status).toBe('failed');
});

const [wrongOutcome, , , , , , , , brokenLaw] = tamperings.map(([, , tamper]) => tamper);
const late = ({ requests }: Parts) => {
  requests.startedNs[rowOf(fin)] += 41e6;
};
const slow = ({ requests }: Parts) => {
  requests.doneNs[scenario.controlRows[scenario.controlRows.length - 1]] += 41e6;
};
const unhealthy = ({ reasons }: Parts) => {
  reasons.push('the generator was late');
};

test.each([
  ['late, and every count exact', [late], 'held'],
  ['slow, and every count exact', [slow], 'held'],
  ['late, and a count wrong', [late, wrongOutcome], 'refused'],
  ['slow, and a count wrong', [slow, wrongOutcome], 'refused'],
  ['unhealthy', [unhealthy], 'refused'],
  ['unhealthy, and a count wrong', [unhealthy, wrongOutcome], 'refused'],
  ['late, and a law broken', [late, brokenLaw], 'failed'],
] as const)('a trial that is %s: %s', (_, tampers, expected) => {
  const { status, healthReasons } = conclude((parts) => {
    for (const tamper of tampers) tamper(parts);
  });
  expect(status).toBe(expected);
  expect(healthReasons.length > 0).toBe(expected === 'refused');
});

test('slowness of one trial does not excuse a wrong count of another', () => {
  const verdictOf = (tamper: (parts: Parts) => void) => {
    const parts = perfectTrial(scenario);
    tamper(parts);
    return judgeFaults(scenario, trialOf(parts), 'here');
  };
  expect(concludeFaults([verdictOf(late), verdictOf(wrongOutcome)]).status).toBe('failed');
});

test('a trial that was cut short fails the check', () => {
  const lost = trialResultOf({ generator: null, health: { reasons: ['the target was lost'] } });
  expect(concludeFaults([judgeFaults(scenario, lost, 'here')]).status).toBe('failed');
});

test('faultScenario() commits each fault as often as it says, reused and fresh', () => {
  const times = (kind: FaultKind) =>
    scenario.faults.reduce((sum, code) => sum + Number(code === faultCode[kind]), 0);
  for (const kind of [...clients.kinds, 'refuse' as const]) expect(times(kind)).toBe(2 * timesEach);
  expect(scenario.faults.filter((code) => code !== 0)).toHaveLength(
    2 * timesEach * (clients.kinds.length + 1),
  );
  for (const { rows } of scenario.injections) expect(rows.length % timesEach).toBe(0);
});

test('something is expected of every fault but those of the whole server', () => {
  const without = faultKinds.filter((kind) => {
    try {
      expectedEnd(kind, { carrier: 'fresh', retried: false });
      return false;
    } catch {
      return true;
    }
  });
  expect(without).toEqual(['none', 'freeze', 'restart', 'crash']);
});
