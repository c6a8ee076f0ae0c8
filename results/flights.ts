/** Picks killed attempts of a trial for the flight recorder, and lays what each witness says on one axis. */
import { nsPerMs } from '../harness/base/units.ts';
import type { PacketDeath } from '../harness/contract/capture.ts';
import type { Flight, FlightEvent } from '../harness/contract/flight.ts';
import type { LoadPlan } from '../harness/contract/load-plan.ts';
import { outcomes } from '../harness/contract/outcome.ts';
import { type DeathColumns, deathSigns, type GeneratorReport } from '../harness/contract/samples.ts';
import type { TrialResult } from '../harness/contract/trial.ts';
import { type WireReport, wireEvents } from '../harness/contract/wire.ts';
import { isMeasured } from './digest-trial.ts';

/** Log entries of the wire further than this from the request belong to another one, ms. */
const aroundMs = 1_000;

/** The first deaths by FIN or RST of the measured time, `most` of them. */
export function flightsOf(plan: LoadPlan, trial: TrialResult, most: number): Flight[] {
  const { generator } = trial;
  if (generator === null) return [];
  const { deaths } = generator;
  return [...deaths.request.keys()]
    .filter((row) => ['fin', 'rst', 'epipe'].includes(deathSigns[deaths.sign[row]]))
    .filter((row) => isMeasured(plan, generator, deaths.request[row]))
    .slice(0, most)
    .map((row) => flightOf(plan, trial, generator, row));
}

function flightOf(plan: LoadPlan, trial: TrialResult, generator: GeneratorReport, row: number): Flight {
  const { deaths, connections, startNs } = generator;
  const request = deaths.request[row];
  const port = connections.localPort[deaths.connection[row]];
  const { idleAgeNs, sentNs, sign, outcome, attempt } = deaths;
  const isFresh = Number.isNaN(idleAgeNs[row]);
  const packets = trial.capture?.account.deaths.filter(({ clientPort }) => clientPort === port) ?? [];
  const events = [
    ...clientEvents(deaths, row),
    ...(trial.wire === null ? [] : wireEventsOf(trial.wire, port, startNs + sentNs[row])),
    ...packetEvents(packets, startNs + sentNs[row]),
  ];
  return {
    trial: trial.identity.id,
    request,
    attempt: attempt[row],
    method: plan.templates[plan.template[request]].method,
    outcome: outcomes[outcome[row]],
    sign: deathSigns[sign[row]],
    idleAgeMs: isFresh ? null : idleAgeNs[row] / nsPerMs,
    executions: trial.target?.ledger.executions[request] ?? null,
    events: events.sort((a, b) => a.atMs - b.atMs),
  };
}

function clientEvents({ sentNs, diedNs, idleAgeNs }: DeathColumns, row: number): FlightEvent[] {
  const told: FlightEvent[] = [
    { witness: 'client', step: 'request-written', atMs: 0 },
    { witness: 'client', step: 'death-noticed', atMs: (diedNs[row] - sentNs[row]) / nsPerMs },
  ];
  if (Number.isNaN(idleAgeNs[row])) return told;
  return [{ witness: 'client', step: 'answer-read', atMs: -idleAgeNs[row] / nsPerMs }, ...told];
}

/** @param writtenNs When the client wrote the request, CLOCK_MONOTONIC ns. */
function wireEventsOf(
  { clientPort, event, atNs }: WireReport,
  port: number,
  writtenNs: number,
): FlightEvent[] {
  const found: FlightEvent[] = [];
  for (let row = 0; row < atNs.length; row++) {
    const atMs = (atNs[row] - writtenNs) / nsPerMs;
    if (clientPort[row] !== port || Math.abs(atMs) > aroundMs) continue;
    const name = wireEvents[event[row]];
    if (name === 'server-fin') found.push({ witness: 'wire', step: 'fin-passed', atMs });
    else if (name === 'rst-to-client') found.push({ witness: 'wire', step: 'rst-passed', atMs });
    else if (name === 'request-bytes' && atMs >= 0) {
      found.push({ witness: 'wire', step: 'request-passed', atMs });
    }
  }
  return found;
}

/** Told from the request's own first segment: the wall clock, by which packets are stamped, is another one. */
function packetEvents(deaths: readonly PacketDeath[], writtenNs: number): FlightEvent[] {
  const distance = ({ requestNs }: PacketDeath) => Math.abs(requestNs - writtenNs);
  const death = [...deaths].sort((a, b) => distance(a) - distance(b))[0];
  if (death === undefined) return [];
  const { requestNs, signNs, rstNs, sign } = death;
  const at = (ns: number) => (ns - requestNs) / nsPerMs;
  const told: FlightEvent[] = [{ witness: 'packets', step: 'request-sent', atMs: 0 }];
  if (sign === 'fin') told.push({ witness: 'packets', step: 'fin-sent', atMs: at(signNs) });
  if (rstNs !== null) told.push({ witness: 'packets', step: 'rst-sent', atMs: at(rstNs) });
  return told;
}
