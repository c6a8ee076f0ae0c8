/** The second hop in words: the balancer between client and target, and what became of the requests behind it. */

import { settingText } from '../harness/base/setting-text.ts';
import { formatDuration } from '../harness/base/units.ts';
import type { BalancerConfig } from '../harness/contract/balancer.ts';
import type { ScenarioConfig } from '../harness/contract/run-config.ts';
import type { HopSummary, ScenarioSummary } from '../harness/contract/summary.ts';
import { referenceFirst } from './comparison-table.ts';
import { plain } from './format.ts';

const names: Readonly<Record<BalancerConfig['kind'], string>> = { nginx: 'nginx', haproxy: 'HAProxy' };

/** For example `nginx, 10ms from the target (clientIdleTimeout 75s, …, nextUpstream error, timeout)`; null without one. */
export function viaText({ via, network }: Pick<ScenarioConfig, 'via' | 'network'>): string | null {
  if (via === null) return null;
  const knobs = Object.entries(via).flatMap(([name, value]) => {
    if (name === 'kind') return [];
    return name.endsWith('Ms') && typeof value === 'number'
      ? [`${name.slice(0, -'Ms'.length)} ${formatDuration(value)}`]
      : [`${name} ${settingText(value)}`];
  });
  return `${names[via.kind]}, round trip to the target ${formatDuration(network.upstreamRttMs)} (${knobs.join(', ')})`;
}

/** One sentence for each strategy, the reference first; none without a balancer. */
export function hopSentences({ strategies, config }: ScenarioSummary, reference: string): string[] {
  const { via } = config;
  if (via === null) return [];
  const name = names[via.kind];
  return referenceFirst(strategies, reference).flatMap(({ label, hop }) =>
    hop === null ? [] : [`${label}, behind ${name}: ${deathsText(hop)}${reactionText(name, hop)}.`],
  );
}

/** For example `31 of 1,640 attempts on the second hop failed`. */
export function deathsText({ upstreamDeaths, upstreamAttempts }: HopSummary): string {
  const of = `of ${plain('count', upstreamAttempts)} attempts on the second hop failed`;
  return upstreamDeaths === 0 ? `none ${of}` : `${plain('count', upstreamDeaths)} ${of}`;
}

function reactionText(name: string, hop: HopSummary): string {
  const { upstreamDeaths, retriedByBalancer, madeByBalancer, silentCloses } = hop;
  if (upstreamDeaths + madeByBalancer + silentCloses === 0) return '';
  const count = (value: number) => plain('count', value);
  return `; ${name} sent ${count(retriedByBalancer)} again, answered ${count(madeByBalancer)} itself (502 and the like), closed the client’s connection without an answer for ${count(silentCloses)}`;
}
