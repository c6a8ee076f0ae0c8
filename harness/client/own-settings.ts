/** What a strategy changes, for clients that otherwise run with their own settings. */
import { isDeepStrictEqual } from 'node:util';
import { type ConnectionPolicy, type Policy, referencePolicy } from '../contract/policy.ts';

/** Knobs of the connection that differ from the reference's, and no others. */
export function changedConnection({ connection, server }: Policy): Partial<ConnectionPolicy> {
  const reference = new Map(Object.entries(referencePolicy(server.idleTimeoutMs).connection));
  return Object.fromEntries(
    Object.entries(connection).filter(([knob, value]) => !isDeepStrictEqual(reference.get(knob), value)),
  );
}
