/** What the Go client refuses, and that it carries out everything else; its load is tested end to end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changedKnobs, refusalsOf } from '../contract/carries.ts';
import { knobRows } from '../contract/knobs.ts';
import { type ConnectionPolicy, type Policy, referencePolicy } from '../contract/policy.ts';
import { go } from './go.ts';

const withConnection = (change: Partial<ConnectionPolicy>): Policy => {
  const reference = referencePolicy(60_000);
  return { ...reference, connection: { ...reference.connection, ...change } };
};

const refused = (change: Partial<ConnectionPolicy>) => {
  const policy = withConnection(change);
  return refusalsOf(go.carries, changedKnobs(policy, 60_000), policy);
};

test.each<Partial<ConnectionPolicy>>([
  {},
  { reuse: false },
  { idleTimeoutMs: 500 },
  { tcpKeepAliveMs: 60_000 },
])('refusalsOf() of %j: none', (change) => {
  expect(refused(change)).toEqual([]);
});

test.each<[Partial<ConnectionPolicy>, string]>([
  [{ idleTimeoutMs: 500, idleCheck: 'timer' }, 'connection.idleCheck'],
  [{ idleTimeoutMs: 0 }, 'connection.idleTimeoutMs'],
  [{ hintMarginMs: 1_000 }, 'connection.hintMarginMs'],
  [{ ageMaxMs: 5_000 }, 'connection.ageMaxMs'],
  [{ requestsMax: 10 }, 'connection.requestsMax'],
  [{ pick: 'fifo' }, 'connection.pick'],
])('refusalsOf() of %j names %s', (change, knob) => {
  const [reason, ...others] = refused(change);
  expect([reason.split(':')[0], others]).toEqual([knob, []]);
});

test('the Go program answers with every knob of a client, and with the reasons of the kind "go"', () => {
  const source = readFileSync(join(import.meta.dirname, 'go/job.go'), 'utf8');
  const answers = [...source.matchAll(/"((?:connection|retry)\.\w+)": +(?:(carried)|"([^"]+)"),/g)].map(
    ([, knob, , why]) => [knob, why ?? null],
  );
  const reasons = [...knobRows.keys()]
    .filter((knob) => !knob.startsWith('server.'))
    .map((knob) => {
      const row = Object.entries(go.carries ?? {}).find(([name]) => name === knob)?.[1];
      return [knob, row?.why(referencePolicy(60_000), true) ?? null];
    });
  expect(answers).toEqual(reasons);
});
