/** nginx's configuration as an origin, and its access log as a ledger. */
import { expect, test } from 'vitest';
import { nginxConfig } from '../base/processes/nginx.ts';
import { originConfig, originLedger } from './nginx.ts';

const config = {
  kind: 'nginx',
  idleTimeoutMs: 500,
  requestsPerConnectionMax: 1_000,
  responseBytes: 5,
} as const;
const place = { folder: '/tmp/x', host: '127.0.0.2', port: 81 };

test('originConfig() says the policy’s idle timeout in ms, and none as longer than any trial', () => {
  expect(originConfig(config, 250.4, place)).toContain('keepalive_timeout 250ms;');
  // nginx takes 0 for "do not keep".
  expect(originConfig(config, 0.3, place)).toContain('keepalive_timeout 1ms;');
  expect(originConfig(config, null, place)).toContain('keepalive_timeout 30d;');
  expect(originConfig(config, null, place)).toContain('keepalive_requests 1000;');
});

test.each([0, 1, 1_023, 1_024, 5_000, 65_536])(
  'originConfig() answers %i bytes in words that nginx can read',
  (responseBytes) => {
    const text = originConfig({ ...config, responseBytes }, 500, place);
    const body = /return 200 "([^"]*)"/.exec(text)?.[1] ?? '';
    const rest = /set \$rest "(x*)"/.exec(text)?.[1] ?? '';
    const bytes = body.replaceAll('$piece', 'x'.repeat(1_024)).replace('$rest', rest);
    expect(bytes).toBe('x'.repeat(responseBytes));
    for (const word of text.match(/"[^"]*"/g) ?? []) expect(word.length).toBeLessThan(4_096);
  },
);

test('nginxConfig() keeps everything in its folder and stays in the foreground', () => {
  const text = nginxConfig('/tmp/a b', 'CONTENT');
  expect(text).toContain('daemon off;\nmaster_process off;');
  expect(text).toContain('client_body_temp_path "/tmp/a b/client_body";');
  expect(text).toContain('CONTENT');
});

test('originLedger() books executions and answers by request id, and nothing else', () => {
  const log = [
    '0 200 "OK"',
    '1 200 ""', // the client was gone before all was sent
    '2 200 "OK"',
    '2 200 "OK"',
    '3 400 "OK"', // nginx's own words on what it could not read
    '- 200 "OK"',
    '9 200 "OK"',
    '',
  ].join('\n');
  const { executions, answers, noticedNs } = originLedger(log, 5);
  expect([...executions]).toEqual([1, 1, 2, 0, 0]);
  expect([...answers]).toEqual([1, 0, 2, 0, 0]);
  expect(noticedNs.every(Number.isNaN)).toBe(true);
});
