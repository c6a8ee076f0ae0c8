/** A load plan as a column file: what a generator in any language reads. `docs/files.md` has the format. */
import { decodeColumns, encodeColumns } from '../../base/columns/columns.ts';
import { readTable } from '../../base/columns/tables.ts';
import { type LoadPlan, planLayout } from '../../contract/load-plan.ts';

type PlanMeta = Omit<LoadPlan, keyof typeof planLayout>;

export function encodePlan({ intendedNs, client, template, bodyBytes, ...meta }: LoadPlan): Uint8Array {
  return encodeColumns({ meta, columns: { intendedNs, client, template, bodyBytes } });
}

/** @throws HarnessError `run-unreadable` when it is cut off or a column is missing. */
export function decodePlan(bytes: Uint8Array, name: string): LoadPlan {
  const file = decodeColumns(bytes, name);
  return { ...(file.meta as PlanMeta), ...readTable(file, name, planLayout) };
}
