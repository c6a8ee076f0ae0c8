/**
 * Which hosts requests may go to: loopback, and what the matrix names. A load test that goes to the
 * wrong host is an attack, so anything that only looks like loopback is refused.
 */
import { isIP, isIPv4 } from 'node:net';
import { HarnessError } from '../base/errors.ts';

/** @param host As `URL.hostname` gives it: lower case, IPv4 in decimal, IPv6 in brackets. */
export function isHostAllowed(host: string, allowHosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return isLoopback(name) || allowHosts.some((allowed) => allowed.toLowerCase() === name);
}

/** @throws HarnessError `host-not-allowed`. */
export function assertHostAllowed(host: string, allowHosts: readonly string[]): void {
  if (isHostAllowed(host, allowHosts)) return;
  throw new HarnessError(
    'host-not-allowed',
    `"${host}" is not loopback; requests go there only when it is allowed by name.`,
    {
      hint: 'allowHosts in the matrix file, --allow-host for the wire',
    },
  );
}

function isLoopback(name: string): boolean {
  if (isIP(name) === 0) return name === 'localhost';
  return isIPv4(name) ? name.startsWith('127.') : name === '::1';
}
