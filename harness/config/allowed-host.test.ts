import { expect, test } from 'vitest';
import { HarnessError } from '../base/errors.ts';
import { assertHostAllowed, isHostAllowed, isHostName } from './allowed-host.ts';

test.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['localhost', true],
  ['LocalHost', true],
  ['::1', true],
  ['[::1]', true],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['localhost.', false], // a resolver may look it up like any other name
  ['foo.localhost', false],
  ['127.1', false], // URL writes it out; a bare socket would not
  ['127.0.0.1.', false],
  ['0.0.0.0', false],
  ['::', false],
  ['[::ffff:7f00:1]', false], // IPv4 written as IPv6: not worth a second way in
  ['[::ffff:10.0.0.1]', false],
  ['10.0.0.1', false],
  ['', false],
])('isHostAllowed() takes "%s" for loopback: %s', (host, allowed) => {
  expect(isHostAllowed(host, [])).toBe(allowed);
});

test.each([
  ['staging.example.com', 'Staging.Example.com', true],
  ['xn--bcher-kva.example', 'bücher.example', true], // as URL.hostname writes it
  ['[2001:db8::1]', '2001:DB8:0::1', true],
  ['[2001:db8::1]', '[2001:db8::1]', true],
  ['10.0.0.1', '10.0.0.1', true],
  ['a.staging.example.com', 'staging.example.com', false],
  ['staging.example.com.evil.example', 'staging.example.com', false],
  ['evil.example', '*', false],
  ['evil.example', 'http://evil.example/', false],
  ['evil.example', 'evil.example:80', false],
])('isHostAllowed() of "%s" when "%s" is named: %s', (host, named, allowed) => {
  expect(isHostAllowed(host, ['other.example', named])).toBe(allowed);
});

test('assertHostAllowed() refuses with the host and what to do', () => {
  expect(() => assertHostAllowed('localhost', [])).not.toThrow();
  const refused = () => assertHostAllowed('10.0.0.1', ['10.0.0.2']);
  expect(refused).toThrow(HarnessError);
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'host-not-allowed',
      exitCode: 2,
      message: expect.stringContaining('"10.0.0.1"'),
      hint: expect.stringContaining('allowHosts'),
    }),
  );
});

test.each([
  ['staging.example.com', true],
  ['10.0.0.1', true],
  ['::1', true],
  ['[::1]', true],
  ['', false],
  ['*', false],
  ['*.example.com', false],
  ['http://example.com', false],
  ['example.com:80', false],
  ['example.com/path', false],
  ['user@example.com', false],
  ['two words', false],
  ['fe80::1%eth0', false],
])('isHostName("%s") is %s', (text, expected) => {
  expect(isHostName(text)).toBe(expected);
});
