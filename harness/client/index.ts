/** Every client kind. */
import { HarnessError } from '../base/errors.ts';
import type { ClientKind, InProcessClient } from '../contract/client-kind.ts';
import { agentkeepalive } from './agentkeepalive.ts';
import { fetchClient } from './fetch.ts';
import { go } from './go.ts';
import { lean } from './lean.ts';
import { nodeHttp } from './node-http.ts';
import { ownDriver } from './own-driver.ts';
import { undici } from './undici.ts';

/** Those that run in our generator process. `fetch` before `undici`: whoever loads both finds Node's own class. */
export const inProcessClients: readonly InProcessClient[] = [
  lean,
  nodeHttp,
  agentkeepalive,
  fetchClient,
  undici,
];

export const clientKinds: readonly ClientKind[] = [...inProcessClients, go];

/**
 * @param kind An id, or the absolute path of a driver of the user's own.
 * @throws HarnessError `config-invalid` for an unknown id.
 */
export function findClient(kind: string): ClientKind {
  if (kind.includes('/')) return ownDriver(kind);
  const found = clientKinds.find(({ id }) => id === kind);
  if (found !== undefined) return found;
  const known = clientKinds.map(({ id }) => id).join(', ');
  throw new HarnessError(
    'config-invalid',
    `There is no client kind "${kind}"; there are: ${known}. A driver of your own is named by its path: "./my-driver".`,
    { hint: 'idlerace list clients' },
  );
}
