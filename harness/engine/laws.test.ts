import { expect, test } from 'vitest';
import { planOf } from '../../test/fixtures/plan.ts';
import { targetReportOf } from '../../test/fixtures/trial-result.ts';
import type { BalancerReport } from '../contract/balancer.ts';
import type { CaptureReport } from '../contract/capture.ts';
import { outcomeCode } from '../contract/outcome.ts';
import type { TargetReport } from '../contract/target.ts';
import { checkLaws } from './laws.ts';
import { ColumnRecorder } from './recorder.ts';

const plan = planOf({ endNs: 1e9, intendedNs: Float64Array.of(0, 1e6, 2e6) });

/** Row 0 answered; row 1 killed by the race, then answered; row 2 dropped. */
function books() {
  let nowNs = 0;
  const recorder = new ColumnRecorder(plan, { nowNs: () => (nowNs += 1_000) }, 0);
  const first = recorder.connectionOpened(0);
  recorder.requestStarted(0);
  recorder.attemptSent(0, 1, first, Number.NaN);
  recorder.attemptAnswered(0, 200);
  recorder.requestDone(0, 'ok');
  recorder.requestStarted(1);
  recorder.attemptSent(1, 1, first, 500);
  recorder.attemptDied({
    request: 1,
    attempt: 1,
    outcome: 'idle-race',
    sign: 'fin',
    connection: first,
    idleAgeNs: 500,
    sentNs: 5_000,
    bytesWritten: 100,
    bytesRead: 0,
  });
  recorder.connectionClosed(first, 'server-race');
  const second = recorder.connectionOpened(0);
  recorder.attemptSent(1, 2, second, Number.NaN);
  recorder.attemptAnswered(1, 200);
  recorder.requestDone(1, 'ok');
  const counters = recorder.finish([0, 1, 2], 2, false);
  const { requests, deaths, connections } = recorder;
  return { startNs: 0, counters, requests, deaths, connections, cpuShare: 0.1, eventLoopDelayMsP99: 0 };
}

const ledger = (answers: readonly number[]) =>
  targetReportOf({
    ledger: { executions: Uint8Array.from(answers), answers: Uint8Array.from(answers) },
    connectionsOpenMax: 1,
    connectionOpenedNs: new Float64Array(2),
    connectionClosedNs: new Float64Array(2),
  });

const broken = (
  target: TargetReport | null,
  change: (report: ReturnType<typeof books>) => void = () => {},
  capture: CaptureReport | null = null,
) => {
  const report = books();
  change(report);
  return checkLaws(plan, report, { target, balancer: null, capture })
    .filter(({ left, right }) => left !== right)
    .map(({ law }) => law);
};

test('ColumnRecorder writes what happened into the right cells', () => {
  const { counters, requests, deaths, connections } = books();
  expect(counters).toEqual({ attempts: 3, started: 2, dropped: 1, answered: 2, openMax: 1 });
  expect([...requests.outcome]).toEqual([outcomeCode.ok, outcomeCode.ok, outcomeCode.dropped]);
  expect([...requests.attempts]).toEqual([1, 2, 0]);
  expect([...requests.reused]).toEqual([0, 1, 0]);
  expect(requests.lastSentNs[1]).toBeGreaterThan(requests.sentNs[1]);
  expect([...deaths.request]).toEqual([1]);
  expect([...connections.requests]).toEqual([2, 1]);
});

test('checkLaws() holds for honest books, with and without a ledger', () => {
  expect(broken(null)).toEqual([]);
  expect(broken(ledger([1, 1, 0]))).toEqual([]);
});

test('checkLaws() allows an answer to an attempt that died', () => {
  expect(broken(ledger([1, 2, 0]))).toEqual([]);
});

test.each([
  { answers: [1, 0, 0], what: 'an answer that the target never gave' },
  { answers: [2, 1, 0], what: 'an answer that no attempt asked for' },
  { answers: [1, 1, 1], what: 'an answer to a request that was never sent' },
])('checkLaws() finds $what', ({ answers }) => {
  expect(broken(ledger(answers))).toHaveLength(1);
});

test('checkLaws() finds a request that is not over', () => {
  const laws = broken(null, ({ requests }) => {
    requests.outcome[1] = 255;
  });
  expect(laws).toEqual(['started = ok + every failure']);
});

/** What a balancer wrote down of the three rows; row 1 it saw die once and sent again. */
function behind(change: Partial<Record<keyof BalancerReport, readonly number[]>> = {}): BalancerReport {
  const column = (name: keyof BalancerReport, own: readonly number[]) => Uint8Array.from(change[name] ?? own);
  return {
    answers: column('answers', [1, 1, 0]),
    upstreamAttempts: column('upstreamAttempts', [1, 2, 0]),
    upstreamDeaths: column('upstreamDeaths', [0, 1, 0]),
    upstreamRetries: column('upstreamRetries', [0, 1, 0]),
    ownAnswers: column('ownAnswers', [0, 0, 0]),
    silentCloses: column('silentCloses', [0, 0, 0]),
  };
}

const ofBalancer =
  'answers given by the balancer = answers read by the client + answers to attempts that died';
const ofTarget =
  'answers given by the target = attempts of the balancer − those that it saw die + answers to them';

test.each([
  ['honest books', behind(), [1, 1, 0], []],
  ['an answer to an attempt that the balancer saw die', behind(), [1, 2, 0], []],
  ['an answer to an attempt that the client gave up', behind({ answers: [1, 2, 0] }), [1, 1, 0], []],
  ['an answer that the balancer never gave', behind({ answers: [1, 0, 0] }), [1, 1, 0], [ofBalancer]],
  ['an answer that no attempt asked for', behind({ answers: [2, 1, 0] }), [1, 1, 0], [ofBalancer]],
  ['a death that the balancer did not book', behind({ upstreamDeaths: [0, 0, 0] }), [1, 1, 0], [ofTarget]],
  ['an attempt that it did not book', behind({ upstreamAttempts: [0, 2, 0] }), [1, 1, 0], [ofTarget]],
  ['an answer that the target never gave', behind(), [0, 1, 0], [ofTarget]],
] as const)('checkLaws() over two hops, with %s', (_, balancer, answers, expected) => {
  const laws = checkLaws(plan, books(), { target: ledger(answers), balancer, capture: null });
  expect(laws.filter(({ left, right }) => left !== right).map(({ law }) => law)).toEqual(expected);
});

const packets = (change: Partial<CaptureReport['account']> = {}): CaptureReport => ({
  file: 'captures/x.pcap',
  packets: 10,
  incompleteBecause: null,
  account: {
    connections: 2,
    serverFins: 1,
    serverRsts: 0,
    deaths: [{ clientPort: 1, sign: 'fin', reused: true, requestNs: 0, signNs: 1, rstNs: null }],
    ...change,
  },
});

/** As when both connections of the books were connected. */
const connected = ({ connections }: ReturnType<typeof books>) => connections.connectedNs.fill(1);

test.each([
  ['that agree', packets(), []],
  [
    'with one connection more',
    packets({ connections: 3 }),
    ['connections in the packets = connections in the books'],
  ],
  ['without the death', packets({ deaths: [] }), ['deaths by FIN in the packets = in the books']],
  [
    'with an RST for the FIN',
    packets({ deaths: packets().account.deaths.map((death) => ({ ...death, sign: 'rst' })) }),
    ['deaths by FIN in the packets = in the books', 'deaths by RST in the packets = in the books'],
  ],
  ['that are not complete', { ...packets({ connections: 9 }), incompleteBecause: 'dropped' }, []],
] as const)('checkLaws() holds the books against packets %s', (_, capture, expected) => {
  expect(broken(ledger([1, 1, 0]), connected, capture)).toEqual(expected);
});
