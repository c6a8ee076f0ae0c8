/**
 * Conducts a prepared run: its rounds, their trials, the looks between them, the progress line, and Ctrl-C. `run.json`
 * lists every trial before it starts, so a run that ended early shows which trials are missing.
 */
import { openVerdicts } from '../../results/open-verdicts.ts';
import type { RunPass } from '../../results/run-pass.ts';
import type { RunStore } from '../../results/store.ts';
import { HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { nowNs } from '../base/time/clock.ts';
import { nsPerMs } from '../base/units.ts';
import type { FloorReading } from '../contract/summary.ts';
import type { TrialIdentity, TrialResult } from '../contract/trial.ts';
import { loopbackAddress } from '../engine/machine.ts';
import { runTrials } from '../engine/run-trial.ts';
import type { PreparedTrial, TrialParts, TrialSetup } from '../engine/trial-parts.ts';
import { encodePlan, planName } from '../model/plan/plan-file.ts';
import { startProgress } from '../ui/progress.ts';
import { conductRounds, firstRounds, type RunEnd } from './conduct-rounds.ts';
import { conductTrials, lostShare, repeatUnhealthy } from './conduct-trials.ts';
import { floorReading, floorScenarioId, floorSetups } from './floor.ts';
import { openText, roundsExpected } from './forecast.ts';
import { type PreparedRun, prepareRounds } from './prepare-run.ts';
import { trialMsOf, trialsPerRound } from './run-times.ts';
import { summarizeRun } from './summarize-run.ts';
import { trialSetup } from './trial-setup.ts';

class Interrupted extends Error {}

export async function conductRun(
  host: Host,
  store: RunStore,
  prepared: PreparedRun,
  trialParts: TrialParts,
  pass: RunPass,
  { quiet, json }: { quiet: boolean; json: boolean },
): Promise<RunEnd> {
  const { config } = prepared;
  const interruption = new AbortController();
  const stopListening = host.onInterrupt(() => interruption.abort(new Interrupted()));
  const startMs = clockMs();
  const elapsedMs = () => clockMs() - startMs;
  const trialMs = trialMsOf(config);
  const timeMsMax = config.until?.timeMsMax ?? Number.POSITIVE_INFINITY;
  const roundsFirst = firstRounds(config);
  const openAtFirst = config.until === null ? '' : `first look after round ${roundsFirst}`;
  const progress = startProgress(
    quiet || json ? { ...host.stderr, isTty: false } : host.stderr,
    { trialsPlanned: roundsFirst * trialsPerRound(config), trialMs, timeMsMax, open: openAtFirst },
    clockMs,
  );
  const parts = {
    ...trialParts,
    onLoad: (identity: TrialIdentity) => progress.trial(what(prepared, identity)),
  };
  const nextAttempt = repeatUnhealthy(config.repeatUnhealthyMax, () => elapsedMs() + trialMs <= timeMsMax);
  const floors = floorSetups(config, store, trialParts);
  let trialsStarted = 0;
  const conductBlock = (trials: readonly PreparedTrial[]) =>
    conductTrials(trials, {
      folder: store.folder,
      run: (setups) => afterFloors(floors.splice(0), setups, parts, interruption.signal, store),
      // Each trial gets a different loopback address.
      setup: (trial) => trialSetup(trial, store.filesOf(trial.identity), loopbackAddress(trialsStarted++)),
      store(result) {
        store.writeTrial(result);
        progress.trialDone(`last: ${result.identity.strategyLabel} ${lostShare(result)}`);
      },
      repeat(result) {
        const next = nextAttempt(result);
        if (next === null) return null;
        listRepeat(store, result.identity, next);
        progress.trialAdded();
        return next;
      },
    });
  try {
    return await conductRounds(config, {
      elapsedMs,
      run(first, last) {
        const trials = first === 1 ? prepared.first : prepareRounds(prepared, first, last);
        listTrials(store, trials);
        return conductBlock(trials);
      },
      look(done) {
        if (config.until === null) return [];
        const summary = summarizeRun(store, pass, { at: host.now().toISOString(), reason: 'rounds-max' });
        const open = openVerdicts(summary, config.until);
        const rounds = roundsExpected(open, done, config.rounds);
        progress.forecast((rounds - done) * trialsPerRound(config), openText(open, config));
        return open;
      },
    });
  } catch (error) {
    if (error instanceof Interrupted) return { kind: 'interrupted' };
    if (error instanceof HarnessError) return { kind: 'failed', error };
    throw error;
  } finally {
    progress.end();
    stopListening();
  }
}

function clockMs(): number {
  return nowNs() / nsPerMs;
}

/** Writes the plans, then the list of trials that run them. */
function listTrials(store: RunStore, trials: readonly PreparedTrial[]): void {
  const plans = new Map(
    trials.map(({ identity, plan }) => [planName(identity.scenarioId, identity.round), plan]),
  );
  for (const [name, plan] of plans) store.write(`plans/${name}.plan`, encodePlan(plan));
  const fingerprints = Object.fromEntries([...plans].map(([name, { fingerprint }]) => [name, fingerprint]));
  const record = store.readRun();
  store.writeRun({
    ...record,
    planFingerprints: { ...record.planFingerprints, ...fingerprints },
    trials: [...record.trials, ...trials.map(({ identity }) => identity)],
  });
}

/** A repeat is listed directly after the attempt that it repeats. */
function listRepeat(store: RunStore, before: TrialIdentity, next: TrialIdentity): void {
  const record = store.readRun();
  const trials = record.trials.flatMap((trial) => (trial.id === before.id ? [trial, next] : [trial]));
  store.writeRun({ ...record, trials });
}

/** The floors are run first. They are no trials of the run: their readings are stored, and not yielded. */
async function* afterFloors(
  floors: readonly TrialSetup[],
  setups: Iterable<TrialSetup>,
  parts: TrialParts,
  signal: AbortSignal,
  store: RunStore,
): AsyncGenerator<TrialResult> {
  function* all() {
    yield* floors;
    yield* setups;
  }
  const readings: FloorReading[] = [];
  for await (const result of runTrials(all(), parts, signal)) {
    const floor = floors.find(({ identity }) => identity === result.identity);
    if (floor === undefined) {
      yield result;
      continue;
    }
    const reading = floorReading(floor, result);
    if (reading !== null) readings.push(reading);
    store.writeFloor(readings);
  }
}

/** For example `round 2/3 · evict (again)`. */
function what({ config }: PreparedRun, { scenarioId, strategyLabel, round, attempt }: TrialIdentity): string {
  if (scenarioId === floorScenarioId) return 'harness overhead';
  const of = config.until === null ? `/${config.rounds}` : '';
  const where = config.scenarios.length === 1 ? '' : ` · ${scenarioId}`;
  return `round ${round}${of}${where} · ${strategyLabel}${attempt === 1 ? '' : ' (again)'}`;
}
