/** Where the numbers come from: run, machine and versions as named facts, for Markdown and HTML. */
import { formatDuration } from '../harness/base/units.ts';
import type { Summary } from '../harness/contract/summary.ts';
import { notAvailable, plain, quantity, scaleFor } from './format.ts';
import { viaText } from './hop-text.ts';
import { goalText, stopSentence } from './stop-sentence.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** For example `p50 0.22 ms, p99 2.65 ms (248 requests to a server that answers immediately)`. */
export function floorText(floor: Summary['run']['floor']): string {
  if (floor.length === 0) return notAvailable;
  const several = floor.length > 1;
  return floor
    .map(({ clientKind, requests, responseTimeMs: { p50, p99 } }) => {
      const scale = scaleFor('durationMs', [p50, p99]);
      const times = `p50 ${quantity(p50, scale)}, p99 ${quantity(p99, scale)}`;
      return `${several ? `${clientKind} ` : ''}${times} (${plain('count', requests)} requests to a server that answers immediately)`;
    })
    .join('; ');
}

/** Each balancer of the run once; nothing without one. */
function betweenFact(scenarios: Summary['run']['config']['scenarios']): [string, string][] {
  const texts = new Set(scenarios.map(viaText).filter((text) => text !== null));
  return texts.size === 0 ? [] : [['between client and target', [...texts].join('; ')]];
}

/** For example `5`, `at most 40 (until decided, at most 3m)`. */
function roundsText({ rounds, until }: Summary['run']['config']): string {
  if (until === null) return `${rounds}`;
  const { timeMsMax } = until;
  const time = timeMsMax === null ? '' : `, for at most ${formatDuration(timeMsMax)}`;
  return `at most ${rounds}, until ${goalText(until)}${time}`;
}

export function provenanceFacts(summary: Summary): Fact[] {
  const { run, schemaVersion } = summary;
  const { environment: machine, config } = run;
  const ending = stopSentence(summary);
  const facts: [string, string][] = [
    ['run', run.id],
    ['seed', `${run.seed}`],
    ['started', run.startedAt],
    ['finished', run.interrupted ? `${run.finishedAt} (interrupted)` : run.finishedAt],
    ['rounds', roundsText(config)],
    ...(ending === '' ? [] : [['ended', ending] as [string, string]]),
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
    ['harness overhead', floorText(run.floor)],
    ['summary version', `${schemaVersion}`],
  ];
  return facts.map(([name, value]) => ({ name, value }));
}
