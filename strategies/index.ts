/** Every built-in strategy. To add one: `node scripts/new-strategy.ts NAME`. */
import type { Strategy } from '../harness/contract/strategy.ts';
import { evict } from './evict.ts';
import { longIdle } from './long-idle.ts';
import { retry } from './retry.ts';
import { reuse } from './reuse.ts';
import { shortLived } from './short-lived.ts';
import { tcpProbes } from './tcp-probes.ts';

/** The options' types differ; whoever calls `policy` has checked them against `defaults`. */
export type AnyStrategy = Pick<Strategy, 'id' | 'title' | 'summary' | 'defaults'> & {
  policy(options: never, facts: Parameters<Strategy['policy']>[1]): ReturnType<Strategy['policy']>;
};

export const strategies: readonly AnyStrategy[] = [reuse, retry, longIdle, shortLived, evict, tcpProbes];
