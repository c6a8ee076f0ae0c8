/** Numbers of every text, read back: never on the unsafe side, whatever the policy. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { policyOf } from '../../test/fixtures/policies.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import { settingsClients } from './settings.ts';

type Reader = (text: string) => readonly number[];

const number = (pattern: RegExp, unitMs = 1): Reader => {
  return (text) =>
    [...text.matchAll(pattern)].map(([, digits]) => Number(digits.replaceAll('_', '')) * unitMs);
};

/** Every idle timeout that a client is told, in ms; none: it keeps nothing. */
const clientIdleMs: Readonly<Record<string, Reader>> = {
  go: number(/IdleConnTimeout = (\d+) \* time\.Millisecond/g),
  'node-http': number(/idleTimeoutMs = ([\d_]+)|timeout: ([\d_]+)/g),
  undici: number(/keepAlive(?:Max)?Timeout: ([\d_]+)/g),
  java: number(/keepalive\.timeout=(\d+)/g, 1_000),
  'apache-httpclient': number(/-> TimeValue\.ofMilliseconds\(([\d_]+)\)/g),
  okhttp: number(/ConnectionPool\(5, ([\d_]+), TimeUnit\.MILLISECONDS/g),
  requests: number(/IDLE_MAX_S = ([\d.]+)/g, 1_000),
  reqwest: number(/pool_idle_timeout\(Duration::from_millis\(([\d_]+)\)/g),
  // With the time until the scavenger comes by.
  dotnet: (text) =>
    number(/IdleTimeout = TimeSpan\.FromMilliseconds\(([\d_]+)\)/g)(text).map(
      (ms) => ms + Math.max(1_000, ms / 4),
    ),
  nginx: number(/keepalive_timeout (\d+)ms/g),
  haproxy: () => [],
  envoy: number(/idle_timeout: ([\d.]+)s/g, 1_000),
  alb: number(/timeout_seconds,Value=(\d+)/g, 1_000),
};

const serverIdleMs: Readonly<Record<string, Reader>> = {
  go: number(/ IdleTimeout: (\d+) \* time\.Millisecond/g),
  'node-http': number(/keepAliveTimeout = ([\d_]+)/g),
  nginx: number(/keepalive_timeout (\d+)ms/g),
  haproxy: number(/timeout http-keep-alive (\d+)ms/g),
  alb: number(/timeout_seconds,Value=(\d+)/g, 1_000),
};

const durationMs = fc.oneof(
  fc.integer({ min: 1, max: 4_000_000 }),
  fc.double({ min: 1, max: 70_000, noNaN: true }),
);
const factsOf = (serverIdleTimeoutMs: number): ScenarioFacts => {
  return {
    serverIdleTimeoutMs,
    peerIdleTimeoutMs: serverIdleTimeoutMs,
    rttMs: 1,
    serverLagMs: 25,
    clientLagMs: 25,
    gapMaxMs: 60_000,
  };
};

test.each(settingsClients)('$id never idles longer than its policy', ({ id, render }) => {
  fc.assert(
    fc.property(durationMs, fc.double({ min: 0, max: 1, noNaN: true }), (serverMs, share) => {
      const idleTimeoutMs = serverMs * share;
      const facts = factsOf(serverMs);
      const { text } = render(policyOf({ connection: { idleTimeoutMs } }, facts), facts);
      const read = clientIdleMs[id](text);
      expect(
        read.every((ms) => ms >= 0 && ms <= idleTimeoutMs + 1e-6),
        `${read} of ${idleTimeoutMs}`,
      ).toBe(true);
    }),
  );
});

test.each(Object.keys(clientIdleMs).filter((id) => id !== 'haproxy'))('%s is read back at all', (id) => {
  const facts = factsOf(5_000);
  const text = settingsClients
    .find((one) => one.id === id)
    ?.render(policyOf({ connection: { idleTimeoutMs: 4_949 } }, facts), facts).text;
  expect(clientIdleMs[id](text ?? '').length).toBeGreaterThan(0);
});

test.each(Object.keys(serverIdleMs))('%s as a server never closes sooner than its policy', (id) => {
  fc.assert(
    fc.property(fc.double({ min: 5_001, max: 4_000_000, noNaN: true }), (idleTimeoutMs) => {
      const facts = factsOf(5_000);
      const client = settingsClients.find((one) => one.id === id);
      const text = client?.render(policyOf({ server: { idleTimeoutMs } }), facts).text ?? '';
      const read = serverIdleMs[id](text);
      expect(read).toHaveLength(1);
      expect(read[0]).toBeGreaterThanOrEqual(idleTimeoutMs);
    }),
  );
});

test('undici idles for what the policy says without a hint, and never past the hint of a server', () => {
  const undici = settingsClients.find(({ id }) => id === 'undici');
  fc.assert(
    fc.property(
      fc.integer({ min: 60, max: 700_000 }),
      fc.integer({ min: 0, max: 700 }),
      (serverMs, hintSeconds) => {
        const facts = factsOf(serverMs);
        const idleTimeoutMs = serverMs - 51;
        const text = undici?.render(policyOf({ connection: { idleTimeoutMs } }, facts), facts).text ?? '';
        const option = (name: string) =>
          Number(new RegExp(`${name}: (-?[\\d_]+)`).exec(text)?.[1].replaceAll('_', ''));
        // As undici works it out; see the head of undici.ts.
        const hinted = (seconds: number) =>
          Math.min(seconds * 1_000 - option('keepAliveTimeoutThreshold'), option('keepAliveMaxTimeout'));
        expect(option('keepAliveTimeout')).toBe(idleTimeoutMs);
        const floorMs = Math.floor(serverMs / 1_000) * 1_000;
        expect(hinted(floorMs / 1_000)).toBe(
          floorMs === 0 ? idleTimeoutMs : Math.min(idleTimeoutMs, floorMs),
        );
        expect(hinted(hintSeconds)).toBeLessThanOrEqual(idleTimeoutMs);
      },
    ),
  );
});
