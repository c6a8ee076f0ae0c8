/** The identity of a load plan: two plans with the same fingerprint are the same load. */
import { createHash } from 'node:crypto';
import type { LoadPlan } from '../../contract/load-plan.ts';

/** SHA-256 over everything in the plan, hex, first 16 characters. */
export function fingerprint(plan: Omit<LoadPlan, 'fingerprint'>): string {
  const { intendedNs, client, template, bodyBytes, ...rest } = plan;
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const column of [intendedNs, client, template, bodyBytes]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}
