/** The requests that the replay sends: the plan's rows, client by client, and the moments at which they left. */
import type { LoadPlan } from '../../contract/load-plan.ts';

/** The moments at which requests were let go, ns; the intended one where that is not known. */
export function sendingTimes({ intendedNs }: LoadPlan, startedNs: Float64Array | null): Float64Array {
  if (startedNs === null) return intendedNs;
  return intendedNs.map((intended, row) => (Number.isNaN(startedNs[row]) ? intended : startedNs[row]));
}

/** The plan's rows, client by client, in each client's order of sending. */
export function rowsByClient(
  plan: LoadPlan,
  sendsNs: Float64Array,
): { rows: Uint32Array; firstOf: Uint32Array; mostRows: number } {
  const firstOf = new Uint32Array(plan.clients + 1);
  for (const client of plan.client) firstOf[client + 1]++;
  const mostRows = firstOf.reduce((most, count) => Math.max(most, count), 0);
  for (let client = 0; client < plan.clients; client++) firstOf[client + 1] += firstOf[client];
  const next = firstOf.slice();
  const rows = new Uint32Array(plan.client.length);
  for (let row = 0; row < rows.length; row++) rows[next[plan.client[row]]++] = row;
  for (let client = 0; client < plan.clients; client++) {
    const own = rows.subarray(firstOf[client], firstOf[client + 1]);
    // The pacer keeps the plan's order; a driver may not.
    if (own.some((row, index) => index > 0 && sendsNs[row] < sendsNs[own[index - 1]])) {
      own.sort((a, b) => sendsNs[a] - sendsNs[b] || a - b);
    }
  }
  return { rows, firstOf, mostRows };
}
