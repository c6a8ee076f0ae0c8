/** Where the numbers come from: run, machine and versions as named facts, for Markdown and HTML. */
import { formatDuration } from '../harness/base/units.ts';
import type { Summary } from '../harness/contract/summary.ts';
import { notAvailable, plain } from './format.ts';
import { viaText } from './hop-text.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** For example `lean: p50 0.21 ms, p99 0.84 ms (301 requests)`. */
export function floorText(floor: Summary['run']['floor']): string {
  if (floor.length === 0) return notAvailable;
  return floor
    .map(
      ({ clientKind, requests, responseTimeMs: { p50, p99 } }) =>
        `${clientKind}: p50 ${plain('durationMs', p50)}, p99 ${plain('durationMs', p99)} (${requests} requests)`,
    )
    .join('; ');
}

/** Each balancer of the run once; nothing without one. */
function betweenFact(scenarios: Summary['run']['config']['scenarios']): [string, string][] {
  const texts = new Set(scenarios.map(viaText).filter((text) => text !== null));
  return texts.size === 0 ? [] : [['between client and target', [...texts].join('; ')]];
}

export function provenanceFacts({ run, schemaVersion }: Summary): Fact[] {
  const { environment: machine, config } = run;
  const facts: [string, string][] = [
    ['run', run.id],
    ['seed', `${run.seed}`],
    ['started', run.startedAt],
    ['finished', run.interrupted ? `${run.finishedAt} (interrupted)` : run.finishedAt],
    ['rounds', `${config.rounds}`],
    [
      'each trial',
      `${formatDuration(config.warmupMs)} warm-up, ${formatDuration(config.durationMs)} measured`,
    ],
    ['reference', config.reference],
    ...betweenFact(config.scenarios),
    ['idlerace', machine.idlerace],
    ['Node', machine.node],
    ['system', `${machine.os}, ${machine.kernel}`],
    ['processor', `${machine.cpus} × ${machine.cpuModel}`],
    ['memory', plain('bytes', machine.memoryBytes)],
    [
      'load average at the start',
      machine.loadAverage === null ? notAvailable : machine.loadAverage.toFixed(2),
    ],
    [
      'pinning',
      machine.pinning === null
        ? 'none: left to the scheduler'
        : `generator on ${machine.pinning.generator}, target on ${machine.pinning.target}`,
    ],
    ['floor', floorText(run.floor)],
    ['summary version', `${schemaVersion}`],
  ];
  return facts.map(([name, value]) => ({ name, value }));
}
