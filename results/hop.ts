/** What happened on the second hop, from the balancer's books: the counts of the measured time's requests. */
import type { BalancerReport } from '../harness/contract/balancer.ts';
import type { HopSummary } from '../harness/contract/summary.ts';

/** @param rows Of the measured time. */
export function hopOf(balancer: BalancerReport, rows: Uint32Array): HopSummary {
  const sum = (column: Uint8Array) => rows.reduce((total, row) => total + column[row], 0);
  const { upstreamAttempts, upstreamDeaths, upstreamRetries, ownAnswers, silentCloses } = balancer;
  return {
    requestsSentOn: rows.reduce((count, row) => count + Number(upstreamAttempts[row] > 0), 0),
    upstreamAttempts: sum(upstreamAttempts),
    upstreamDeaths: sum(upstreamDeaths),
    retriedByBalancer: sum(upstreamRetries),
    madeByBalancer: sum(ownAnswers),
    silentCloses: sum(silentCloses),
  };
}

/** @returns null without a trial, and where there is no balancer. */
export function pooledHop(hops: readonly (HopSummary | null)[]): HopSummary | null {
  let pooled: HopSummary | null = null;
  for (const hop of hops) {
    if (hop === null) return null;
    pooled = pooled === null ? hop : added(pooled, hop);
  }
  return pooled;
}

function added(a: HopSummary, b: HopSummary): HopSummary {
  return {
    requestsSentOn: a.requestsSentOn + b.requestsSentOn,
    upstreamAttempts: a.upstreamAttempts + b.upstreamAttempts,
    upstreamDeaths: a.upstreamDeaths + b.upstreamDeaths,
    retriedByBalancer: a.retriedByBalancer + b.retriedByBalancer,
    madeByBalancer: a.madeByBalancer + b.madeByBalancer,
    silentCloses: a.silentCloses + b.silentCloses,
  };
}
