/** undici's errors → outcome and sign of an attempt's death; as a table, since the code is all there is. */
import type { DeathSign } from '../contract/samples.ts';
import type { Death } from './node-http-errors.ts';

/** By code, those that do not depend on the connection. */
const byCode: Readonly<Record<string, Death>> = {
  ECONNREFUSED: { outcome: 'refused', sign: 'connect' },
  EADDRNOTAVAIL: { outcome: 'ports-exhausted', sign: 'connect' },
  EMFILE: { outcome: 'fd-exhausted', sign: 'connect' },
  ENFILE: { outcome: 'fd-exhausted', sign: 'connect' },
  UND_ERR_CONNECT_TIMEOUT: { outcome: 'connect-timeout', sign: 'timeout' },
  UND_ERR_HEADERS_TIMEOUT: { outcome: 'timeout', sign: 'timeout' },
  UND_ERR_BODY_TIMEOUT: { outcome: 'timeout', sign: 'timeout' },
  UND_ERR_HEADERS_OVERFLOW: { outcome: 'protocol', sign: 'protocol' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { outcome: 'protocol', sign: 'protocol' },
};

/** By code, the end of a connection. "other side closed" is undici's word for a FIN. */
const endings: Readonly<Record<string, DeathSign>> = {
  UND_ERR_SOCKET: 'fin',
  ECONNRESET: 'rst',
  EPIPE: 'epipe',
};

/** @param error What the library says, perhaps wrapped, as fetch does. */
export function classifyUndiciError(
  error: unknown,
  { isReused, bytesRead }: { readonly isReused: boolean; readonly bytesRead: number },
): Death {
  const code = codeOf(error);
  const known = byCode[code];
  if (known !== undefined) return known;
  const sign = endings[code];
  if (sign !== undefined) {
    if (isReused && bytesRead === 0) return { outcome: 'idle-race', sign };
    return { outcome: sign === 'fin' ? 'eof' : 'reset', sign };
  }
  if (code.startsWith('HPE_') || isParserError(error)) return { outcome: 'protocol', sign: 'protocol' };
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) {
    return { outcome: 'tls', sign: 'connect' };
  }
  return { outcome: 'protocol', sign: 'other' };
}

/** An answer that is not HTTP; the parser gives a code only where it came far enough. */
export function isParserError(error: unknown): boolean {
  return causes(error).some(({ name }) => name === 'HTTPParserError');
}

/** The innermost code; empty when there is none. */
function codeOf(error: unknown): string {
  let code = '';
  for (const at of causes(error)) if ('code' in at && typeof at.code === 'string') code = at.code;
  return code;
}

/** The error and what it wraps. */
function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let at: unknown = error; at instanceof Error && found.length < 5; at = at.cause) found.push(at);
  return found;
}
