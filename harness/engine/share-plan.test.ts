/** What several generators leave, merged, is what one would have left: on events made up in virtual time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../../test/fixtures/plan.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import { ColumnRecorder } from './recorder.ts';
import { mergeReports, rowsOfShare } from './share-plan.ts';

const clients = 7;
const rows = 40;
const plan = planOf({
  clients,
  endNs: 1e9,
  intendedNs: Float64Array.from({ length: rows }, (_, row) => row * 1e6),
  client: Uint32Array.from({ length: rows }, (_, row) => (row * 3) % clients),
});

/** What becomes of a request: answered, dead, dead and then answered on a fresh connection, or never sent. */
type Fate = 'answered' | 'dead' | 'retried' | 'dropped';

/** Plays the same events to one recorder for all, and to one for each share. */
function play(fates: readonly Fate[], count: number): { whole: GeneratorReport; parts: GeneratorReport[] } {
  let nowNs = 0;
  const clock = { nowNs: () => nowNs };
  const newRecorder = () => new ColumnRecorder(plan, clock, 0);
  const whole = newRecorder();
  const parts = Array.from({ length: count }, newRecorder);
  // Client → its connection's row, in its own generator and among all.
  const open = new Map<number, { all: number; own: number }>();
  for (const [row, fate] of fates.entries()) {
    if (fate === 'dropped') continue;
    const client = plan.client[row];
    const own = parts[client % count];
    const both = (act: (recorder: ColumnRecorder, of: 'all' | 'own') => void) => {
      nowNs += 1_000;
      act(whole, 'all');
      act(own, 'own');
    };
    const connect = () => {
      nowNs += 1_000;
      const rowsOf = { all: whole.connectionOpened(client), own: own.connectionOpened(client) };
      open.set(client, rowsOf);
      return rowsOf;
    };
    const send = (attempt: number, connection: { all: number; own: number }) =>
      both((recorder, of) => recorder.attemptSent(row, attempt, connection[of], Number.NaN));
    const die = (attempt: number, connection: { all: number; own: number }) => {
      open.delete(client);
      both((recorder, of) => {
        const death = { outcome: 'idle-race', sign: 'fin', idleAgeNs: 5, sentNs: 1 } as const;
        const bytes = { bytesWritten: 90, bytesRead: 0 };
        recorder.attemptDied({ request: row, attempt, connection: connection[of], ...death, ...bytes });
        recorder.connectionClosed(connection[of], 'server-race');
      });
    };
    both((recorder) => recorder.requestStarted(row));
    const first = open.get(client) ?? connect();
    send(1, first);
    if (fate !== 'answered') die(1, first);
    if (fate === 'retried') send(2, connect());
    if (fate !== 'dead') both((recorder) => recorder.attemptAnswered(row, 200));
    both((recorder) => recorder.requestDone(row, fate === 'dead' ? 'idle-race' : 'ok'));
  }
  const started = (share: number | null) =>
    fates.filter((fate, row) => fate !== 'dropped' && (share === null || plan.client[row] % count === share))
      .length;
  const reportOf = (recorder: ColumnRecorder, share: number | null): GeneratorReport => {
    const own = share === null ? plan.client.keys() : rowsOfShare(plan, { index: share, count });
    const counters = recorder.finish(own, started(share), false);
    const { requests, deaths, connections } = recorder;
    return { startNs: 0, counters, requests, deaths, connections, cpuShare: 0.5, eventLoopDelayMsP99: 1 };
  };
  return { whole: reportOf(whole, null), parts: parts.map((part, share) => reportOf(part, share)) };
}

test('mergeReports() of the shares equals what a single generator reports', () => {
  const fate = fc.constantFrom<Fate>('answered', 'answered', 'dead', 'retried', 'dropped');
  fc.assert(
    fc.property(
      fc.array(fate, { minLength: rows, maxLength: rows }),
      fc.integer({ min: 1, max: clients }),
      (fates, count) => {
        const { whole, parts } = play(fates, count);
        expect(mergeReports(plan, parts)).toEqual(whole);
      },
    ),
    { numRuns: 200 },
  );
});

test('mergeReports() takes the busiest and the most held up generator', () => {
  const { parts } = play(Array<Fate>(rows).fill('answered'), 2);
  const [calm, busy] = parts;
  const merged = mergeReports(plan, [calm, { ...busy, cpuShare: 0.9, eventLoopDelayMsP99: 7 }]);
  expect(merged).toMatchObject({ cpuShare: 0.9, eventLoopDelayMsP99: 7 });
});

test('rowsOfShare() gives each row to one share, in order', () => {
  const shares = [0, 1, 2].map((index) => [...rowsOfShare(plan, { index, count: 3 })]);
  expect(shares.flat().sort((a, b) => a - b)).toEqual([...plan.client.keys()]);
  for (const share of shares) expect(share).toEqual([...share].sort((a, b) => a - b));
});
