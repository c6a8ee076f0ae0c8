/**
 * Tries the age that a probe advised. It sends one request on each of many connections, spread over more than a tick
 * of the server, and a second one when the connection has been idle for a little less than that age.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../../harness/contract/client-kind.ts';
import { ProbeConnection } from '../../harness/evidence/probe/probe-connection.ts';

export const tries = 150;
/** Idle ages lie within this below the advised one, ms. */
export const belowMs = 300;
const spreadMs = 1_500;
const answerMs = 5_000;

export interface Tried {
  /** Second requests sent. */
  readonly sent: number;
  /** Not answered, or not by 200. */
  readonly lost: number;
  readonly ageMsMax: number;
}

export async function tryAdvice(endpoint: Endpoint, evictAtMs: number): Promise<Tried> {
  const ages: number[] = [];
  let lost = 0;
  await Promise.all(
    Array.from({ length: tries }, async (_, index) => {
      await sleep((index * spreadMs) / tries);
      const connection = await ProbeConnection.open(endpoint, '/', answerMs);
      try {
        if ((await connection.request(answerMs)) === null) throw new Error('no first answer');
        // Every age with every moment of the tick: 7 has no divisor in common with 150.
        const ageMs = evictAtMs - belowMs * (((index * 7) % tries) / tries) - 1;
        await sleep(Math.max(0, ageMs - connection.idleMs));
        ages.push(connection.idleMs);
        if ((await connection.request(answerMs))?.status !== 200) lost++;
      } finally {
        connection.destroy();
      }
    }),
  );
  return { sent: ages.length, lost, ageMsMax: Math.max(...ages) };
}
