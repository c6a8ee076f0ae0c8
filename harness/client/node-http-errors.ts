/** node:http's errors → outcome and sign of an attempt's death; as a table, since code and text are all there is. */
import type { AttemptDeath } from '../contract/client-kind.ts';

export type Death = Pick<AttemptDeath, 'outcome' | 'sign'>;

/** Of a request without an answer. Node gives ECONNRESET for FIN and RST alike; only the text tells them apart. */
export function classifyNodeError(
  error: NodeJS.ErrnoException,
  { isReused, bytesRead }: { readonly isReused: boolean; readonly bytesRead: number },
): Death {
  const fin = error.message === 'socket hang up';
  switch (error.code) {
    case 'ECONNREFUSED':
      return { outcome: 'refused', sign: 'connect' };
    case 'EADDRNOTAVAIL':
      return { outcome: 'ports-exhausted', sign: 'connect' };
    case 'EMFILE':
    case 'ENFILE':
      return { outcome: 'fd-exhausted', sign: 'connect' };
    case 'ETIMEDOUT':
      return { outcome: 'timeout', sign: 'timeout' };
    case 'ABORTED':
      return { outcome: 'aborted', sign: 'other' };
    case 'ECONNRESET':
    case 'EPIPE': {
      const sign = fin ? 'fin' : error.code === 'EPIPE' ? 'epipe' : 'rst';
      if (isReused && bytesRead === 0) return { outcome: 'idle-race', sign };
      return { outcome: fin ? 'eof' : 'reset', sign };
    }
  }
  if (error.code?.startsWith('HPE_') === true) return { outcome: 'protocol', sign: 'protocol' };
  return { outcome: 'tls', sign: 'connect' };
}

/**
 * Of an answer that broke off. Node calls it "aborted", FIN and RST alike.
 * @param hasEnded The socket has seen a FIN.
 */
export function classifyCutAnswer({ code }: NodeJS.ErrnoException, hasEnded: boolean): Death {
  if (code === 'ETIMEDOUT') return { outcome: 'timeout', sign: 'timeout' };
  if (code === 'ABORTED') return { outcome: 'aborted', sign: 'other' };
  return hasEnded ? { outcome: 'eof', sign: 'fin' } : { outcome: 'reset', sign: 'rst' };
}
