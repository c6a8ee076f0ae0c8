/** What the knobs of `via` become in the balancers' own configuration. */
import { expect, test } from 'vitest';
import { haproxyConfig } from './haproxy.ts';
import { upstreamConfig } from './nginx.ts';

const place = { folder: '/tmp/x', host: '127.0.0.2', port: 81 };
const upstream = { host: '127.0.0.2', port: 82 };

const nginx = {
  kind: 'nginx',
  clientIdleTimeoutMs: 75_000,
  upstreamIdleTimeoutMs: 4_500.5,
  upstreamConnectionsMax: 64,
  upstreamRequestsMax: 1_000,
  nextUpstream: ['error', 'timeout', 'non_idempotent'],
} as const;

test('upstreamConfig() says every knob in nginx’s words', () => {
  const text = upstreamConfig(nginx, upstream, place);
  for (const line of [
    'server 127.0.0.2:82;',
    'keepalive 64;',
    'keepalive_timeout 4501ms;',
    'keepalive_requests 1000;',
    'listen 127.0.0.2:81 ',
    'keepalive_timeout 75000ms;',
    'proxy_http_version 1.1;',
    'proxy_set_header Connection "";',
    'proxy_next_upstream error timeout non_idempotent;',
  ]) {
    expect(text).toContain(line);
  }
  expect(upstreamConfig({ ...nginx, nextUpstream: [] }, upstream, place)).toContain(
    'proxy_next_upstream off;',
  );
});

const haproxy = {
  kind: 'haproxy',
  clientIdleTimeoutMs: 9_000,
  httpReuse: 'aggressive',
  retryOn: ['conn-failure', 'empty-response'],
  retriesMax: 2,
  upstreamConnectionsMax: 64,
  poolPurgeDelayMs: 500,
} as const;

test('haproxyConfig() says every knob in HAProxy’s words', () => {
  const text = haproxyConfig(haproxy, upstream, place, 500);
  for (const line of [
    'timeout http-keep-alive 9000ms\n',
    'http-reuse aggressive\n',
    'retry-on conn-failure empty-response\n',
    'retries 2\n',
    'bind 127.0.0.2:81 ',
    'server target 127.0.0.2:82 pool-max-conn 64 pool-purge-delay 500ms\n',
    'size 1500 ',
  ]) {
    expect(text).toContain(line);
  }
  expect(haproxyConfig({ ...haproxy, retryOn: [] }, upstream, place, 1)).toContain('retry-on none\n');
});
