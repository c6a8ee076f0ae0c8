/** A load plan as a column file: what a generator in any language reads. `docs/files.md` has the format. */
import { decodeColumns, encodeColumns } from '../../base/columns/columns.ts';
import { HarnessError } from '../../base/errors.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';

type PlanMeta = Omit<LoadPlan, 'intendedNs' | 'client' | 'template' | 'bodyBytes'>;

export function encodePlan({ intendedNs, client, template, bodyBytes, ...meta }: LoadPlan): Uint8Array {
  return encodeColumns({ meta, columns: { intendedNs, client, template, bodyBytes } });
}

/** @throws HarnessError `run-unreadable` when it is cut off or a column is missing. */
export function decodePlan(bytes: Uint8Array, name: string): LoadPlan {
  const { meta, columns } = decodeColumns(bytes, name);
  const { intendedNs, client, template, bodyBytes } = columns;
  if (
    !(intendedNs instanceof Float64Array) ||
    !(client instanceof Uint32Array) ||
    !(template instanceof Uint8Array) ||
    !(bodyBytes instanceof Uint32Array)
  ) {
    throw new HarnessError('run-unreadable', `Cannot read "${name}": it is not a load plan.`);
  }
  return { ...(meta as PlanMeta), intendedNs, client, template, bodyBytes };
}
