/**
 * Where a client kind differs from what the fault oracle expects, and why: the only excuse that the self-test of a
 * client knows. What stands here is expected of that client to the last request, like everything else.
 *
 * What a client cannot carry out stands not here: it refuses that by name itself, and the oracle goes without.
 */
import type { FaultKind } from '../contract/fault.ts';
import type { Carrier, FaultEnd } from './fault-expectations.ts';

export interface ClientDifference {
  /** Faults that it is about. */
  readonly faults: readonly FaultKind[];
  /** Default both. */
  readonly carrier?: Carrier;
  /** Default both. */
  readonly tls?: boolean;
  readonly end: Partial<FaultEnd>;
  /** One sentence. */
  readonly why: string;
}

const agentHint: ClientDifference = {
  faults: ['hint-too-short'],
  end: { next: 'ok on a fresh connection' },
  why: 'http.Agent takes a second off the Keep-Alive hint, and keeps no connection for the 0 s that are left of one',
};

/** By the client's id; one that is not in it differs in nothing. */
export const clientDifferences: Readonly<Record<string, readonly ClientDifference[]>> = {
  'node-http': [agentHint],
  agentkeepalive: [agentHint],
};

/** Of every client that does not read hints: a connection is as good after one as before. */
export const withoutHints: readonly ClientDifference[] = [
  {
    faults: ['hint-too-short'],
    end: { cause: null, next: 'ok on the same connection' },
    why: 'it does not read the Keep-Alive hint',
  },
];

export function differenceIn(
  differences: readonly ClientDifference[],
  kind: FaultKind,
  where: { readonly carrier: Carrier; readonly tls: boolean },
): Partial<FaultEnd> {
  const applying = differences.filter(
    ({ faults, carrier, tls }) =>
      faults.includes(kind) &&
      (carrier === undefined || carrier === where.carrier) &&
      (tls === undefined || tls === where.tls),
  );
  return Object.assign({}, ...applying.map(({ end }) => end));
}
