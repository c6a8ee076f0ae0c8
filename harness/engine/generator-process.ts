/**
 * The generator process: runs a load plan with one client kind and leaves a samples file.
 *
 * Code that runs while measuring stays dumb; nothing is counted, classified or formatted here that
 * the samples do not need. The plan comes and the samples go as files, so that a driver in another
 * language can take this process's place.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { encodeSamples } from '../base/columns/samples-file.ts';
import { HarnessError } from '../base/errors.ts';
import { answerParent } from '../base/processes/answer-parent.ts';
import { systemClock } from '../base/time/clock.ts';
import { Heartbeat } from '../base/time/heartbeat.ts';
import { nsPerMs } from '../base/units.ts';
import type { PrepareAnswer } from '../contract/carries.ts';
import type { ClientFleet, GeneratorJob, InProcessClient } from '../contract/client-kind.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import type { Pulse } from '../contract/pulse.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import { closedLoop } from './closed-loop.ts';
import { pace } from './pacer.ts';
import { ColumnRecorder } from './recorder.ts';
import { rowsOfShare } from './share-plan.ts';

/** Rows unsent this long after the last intended time are dropped. */
const giveUpMs = 1_000;

/** @param decodePlan Reads a plan file; handed in, because the plan's code is another part's. */
export function generatorProcess(
  kinds: readonly InProcessClient[],
  decodePlan: (bytes: Uint8Array, name: string) => LoadPlan,
): void {
  const heartbeat = new Heartbeat();
  let running: Promise<void> | null = null;
  let ready: { job: GeneratorJob; plan: LoadPlan } | null = null;
  answerParent({
    /** Reads the plan, which may take its time. */
    async prepare(job: GeneratorJob): Promise<PrepareAnswer> {
      const kind = kindOf(job, kinds);
      await kind.load?.();
      ready = { job, plan: decodePlan(readFileSync(job.planFile), job.planFile) };
      // The controller has already checked the refusals of this client kind.
      return { knobs: Object.fromEntries(Object.keys(kind.carries).map((knob) => [knob, true])) };
    },
    /** @param startNs CLOCK_MONOTONIC ns of the plan's time 0, the same for all generators; in the near future. */
    start(startNs: number): void {
      if (ready === null) throw new Error('started before it was prepared');
      const { job, plan } = ready;
      heartbeat.start();
      running = runPlan(job, plan, startNs, kinds).then((report) => writeSamples(job.samplesFile, report));
      running.catch(() => {}); // told by `finish`
    },
    async finish(): Promise<void> {
      await running;
    },
    pulse: (): Pulse => heartbeat.pulse(),
  });
}

async function runPlan(
  job: GeneratorJob,
  plan: LoadPlan,
  startNs: number,
  kinds: readonly InProcessClient[],
): Promise<GeneratorReport> {
  const kind = kindOf(job, kinds);
  const recorder = new ColumnRecorder(plan, systemClock, startNs);
  const rows = rowsOfShare(plan, job.share);
  const closed = plan.loop === 'closed';
  let onClientFree: (client: number) => void = () => {};
  const fleet: ClientFleet = kind.open({
    endpoint: job.endpoint,
    policy: job.policy,
    limits: job.limits,
    settings: job.settings,
    plan,
    recorder,
    onClientFree: (client) => onClientFree(client),
  });
  const send = (row: number, startedNs?: number) => {
    recorder.requestStarted(row, startedNs);
    fleet.start(row);
  };
  const load = watchOwnLoad(startNs + plan.warmupNs);
  let started: number;
  if (closed) {
    const loop = closedLoop({ plan, share: job.share, startNs, clock: systemClock, send });
    onClientFree = loop.clientFree;
    started = await loop.stopped;
  } else {
    const intendedNs =
      job.share.count === 1 ? plan.intendedNs : Float64Array.from(rows, (row) => plan.intendedNs[row]);
    const sendRow = job.share.count === 1 ? send : (index: number) => send(rows[index]);
    const giveUpNs = giveUpMs * nsPerMs;
    started = await pace({ intendedNs, startNs, giveUpNs, clock: systemClock, send: sendRow });
    await allDone(recorder, started, job.limits.requestTimeoutMs);
  }
  const ownLoad = load.stop();
  await fleet.close();
  const counters = recorder.finish(rows, started, closed);
  const { requests, deaths, connections } = recorder;
  return { startNs, counters, requests, deaths, connections, ...ownLoad };
}

function kindOf({ clientKind }: GeneratorJob, kinds: readonly InProcessClient[]): InProcessClient {
  const kind = kinds.find(({ id }) => id === clientKind);
  if (kind === undefined) throw new Error(`No client kind "${clientKind}"`);
  return kind;
}

function writeSamples(file: string, report: GeneratorReport): void {
  try {
    writeFileSync(file, encodeSamples(report));
  } catch (error) {
    throw new HarnessError('output-failed', `Cannot write "${file}": ${String(error)}.`);
  }
}

/** Waits for the last answers: every request ends by its own timeout, so this ends too. */
async function allDone(recorder: ColumnRecorder, started: number, requestTimeoutMs: number): Promise<void> {
  const pollMs = 5;
  const polls = Math.ceil((requestTimeoutMs + 1_000) / pollMs);
  for (let poll = 0; poll < polls && recorder.doneCount < started; poll++) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** CPU and event-loop delay of this process, from the end of the warm-up on. */
function watchOwnLoad(fromNs: number): {
  stop(): Pick<GeneratorReport, 'cpuShare' | 'eventLoopDelayMsP99'>;
} {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let cpu = process.cpuUsage();
  let sinceNs = systemClock.nowNs();
  const timer = setTimeout(
    () => {
      cpu = process.cpuUsage();
      sinceNs = systemClock.nowNs();
      delay.enable();
    },
    Math.max(0, (fromNs - sinceNs) / nsPerMs),
  );
  return {
    stop() {
      clearTimeout(timer);
      const used = process.cpuUsage(cpu);
      const spentMs = (systemClock.nowNs() - sinceNs) / nsPerMs;
      // The monitor's own 5 ms period is part of what it records.
      const delayMs = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / nsPerMs - 5);
      delay.disable();
      return { cpuShare: (used.user + used.system) / 1_000 / spentMs, eventLoopDelayMsP99: delayMs };
    },
  };
}
