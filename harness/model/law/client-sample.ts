/**
 * Chooses the clients of a long plan that are replayed under the race law. Clients share nothing, so a sample of whole clients
 * obeys the same law, and the time that a replay takes does not grow with a plan of many clients. The measured races are counted over
 * the same clients where the two are compared, so that the choice of clients adds no error.
 */
import { prng } from '../../base/prng.ts';
import type { LoadPlan } from '../../contract/load-plan.ts';

/** Of a plan with more requests, the replay uses clients that send about this many in total. */
const replayedRowsMax = 100_000;
/** But not by fewer clients: those of bursts differ in how many requests of a burst they send, and so in their races. */
const clientsMin = 20;

interface PlanSent {
  readonly plan: LoadPlan;
  readonly startedNs: Float64Array;
}

/**
 * 1 for each client that is replayed: all clients, or a systematic sample of those that send, from a place that depends only
 * on the plan's round (Cochran, *Sampling Techniques*, ch. 8).
 */
export function clientSample({ client, clients, round }: LoadPlan): Uint8Array {
  const sample = new Uint8Array(clients);
  for (let row = 0, found = 0; row < client.length && found < clients; row++) {
    found += 1 - sample[client[row]];
    sample[client[row]] = 1;
  }
  const senders = Uint32Array.from(sample.keys()).filter((one) => sample[one] === 1);
  const count = Math.max(clientsMin, Math.round((senders.length * replayedRowsMax) / client.length));
  if (count >= senders.length) return sample.fill(1);
  const from = prng('client-sample', round)();
  sample.fill(0);
  for (let one = 0; one < count; one++) {
    sample[senders[Math.floor(((one + from) * senders.length) / count)]] = 1;
  }
  return sample;
}

/** The sample's part of the plan, and of the moments at which its requests were released. */
export function sampledPlan({ plan, startedNs }: PlanSent): PlanSent {
  const sample = clientSample(plan);
  if (!sample.includes(0)) return { plan, startedNs };
  const number = Uint32Array.from(sample);
  let clients = 0;
  for (let client = 0; client < number.length; client++) if (sample[client] === 1) number[client] = clients++;
  const rows = new Uint32Array(plan.client.length);
  let count = 0;
  for (let row = 0; row < rows.length; row++) if (sample[plan.client[row]] === 1) rows[count++] = row;
  const kept = rows.subarray(0, count);
  const pick = <Values extends Float64Array | Uint32Array | Uint8Array>(column: Values): Values => {
    const values = column.slice(0, count) as Values;
    for (let index = 0; index < count; index++) values[index] = column[kept[index]];
    return values;
  };
  return {
    plan: {
      ...plan,
      clients,
      intendedNs: pick(plan.intendedNs),
      client: kept.map((row) => number[plan.client[row]]),
      template: pick(plan.template),
      bodyBytes: pick(plan.bodyBytes),
    },
    startedNs: pick(startedNs),
  };
}
