/**
 * Which hosts requests may go to: loopback, and what the matrix names. A load test that goes to the
 * wrong host is an attack, so anything that only looks like loopback is refused.
 */
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { HarnessError } from '../base/errors.ts';

/** @param host As `URL.hostname` gives it: lower case, IPv4 in decimal, IPv6 in brackets. */
export function isHostAllowed(host: string, allowHosts: readonly string[]): boolean {
  const name = withoutBrackets(host.toLowerCase());
  if (isLoopback(name)) return true;
  return allowHosts.some(
    (allowed) => withoutBrackets(allowed.toLowerCase()) === name || canonical(allowed) === name,
  );
}

/** @throws HarnessError `host-not-allowed`. */
export function assertHostAllowed(host: string, allowHosts: readonly string[]): void {
  if (isHostAllowed(host, allowHosts)) return;
  throw new HarnessError(
    'host-not-allowed',
    `"${host}" is not loopback; requests go there only when it is allowed by name.`,
    {
      hint: 'allowHosts in the matrix file, --allow-host for wire and probe',
    },
  );
}

/** A host and nothing else: no scheme, port, path or wildcard, which would never match. */
export function isHostName(text: string): boolean {
  const bare = withoutBrackets(text);
  return (isIPv6(bare) || /^[^\s/\\:@?#%*[\]]+$/.test(text)) && URL.canParse(asUrl(bare));
}

/** As `URL.hostname` writes it, without brackets; the text itself where that is not a host. */
function canonical(text: string): string {
  if (!isHostName(text)) return text;
  return withoutBrackets(new URL(asUrl(withoutBrackets(text))).hostname);
}

function asUrl(bareHost: string): string {
  return `http://${isIPv6(bareHost) ? `[${bareHost}]` : bareHost}`;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function isLoopback(name: string): boolean {
  if (isIP(name) === 0) return name === 'localhost';
  return isIPv4(name) ? name.startsWith('127.') : name === '::1';
}
