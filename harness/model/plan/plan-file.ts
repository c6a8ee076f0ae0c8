/** A load plan as a column file, which generators in any language read. `docs/files.md` has the format. */
import { decodeColumns, encodeColumns } from '../../base/columns/columns.ts';
import { readTable } from '../../base/columns/tables.ts';
import { type LoadPlan, planLayout } from '../../contract/load-plan.ts';

type PlanMeta = Omit<LoadPlan, keyof typeof planLayout>;

/** Name of the plan of one round of a scenario, valid in a file name. */
export function planName(scenarioId: string, round: number): string {
  return `${scenarioId}.r${round}`;
}

export function encodePlan({ intendedNs, client, template, bodyBytes, ...meta }: LoadPlan): Uint8Array {
  return encodeColumns({ meta, columns: { intendedNs, client, template, bodyBytes } });
}

/** @throws HarnessError `run-unreadable` when it is cut off or a column is missing. */
export function decodePlan(bytes: Uint8Array, name: string): LoadPlan {
  const file = decodeColumns(bytes, name);
  return { ...(file.meta as PlanMeta), ...readTable(file, name, planLayout) };
}
