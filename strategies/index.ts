/** Every built-in strategy. To add one: `npm run new -- strategy NAME`. */
import type { Strategy } from '../harness/contract/strategy.ts';
import { evict } from './evict.ts';
import { longIdle } from './long-idle.ts';
import { retry } from './retry.ts';
import { reuse } from './reuse.ts';
import { shortLived } from './short-lived.ts';
import { tcpProbes } from './tcp-probes.ts';

export const strategies: readonly Strategy[] = [reuse, retry, longIdle, shortLived, evict, tcpProbes];
