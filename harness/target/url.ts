/**
 * A server that is already running, named by its URL. Nothing of it can be set: its idle timeout is what the matrix
 * says it is, and it keeps no books. Its cost is seen where its process is on this machine or where it tells itself.
 */

import { endpointOf } from '../base/endpoint-of.ts';
import { HarnessError, reasonOf } from '../base/errors.ts';
import { firstAnswer, isHttp } from '../base/processes/first-answer.ts';
import { not } from '../contract/carries.ts';
import type { Endpoint } from '../contract/client-kind.ts';
import type { RunningTarget, TargetConfigOf, TargetKind } from '../contract/target.ts';
import { readMetrics } from './metrics.ts';

type UrlConfig = TargetConfigOf<'url'>;

const answerTimeoutMs = 5_000;
const quotedBytesMax = 80;

export const urlTarget: TargetKind<UrlConfig> = {
  id: 'url',
  title: 'A running server',
  summary:
    'A server that is already running. Its settings cannot change; its pid or its metrics report its cost.',
  carries: {
    'server.idleTimeoutMs': not(({ config, policy: { idleTimeoutMs } }) =>
      idleTimeoutMs === config.idleTimeoutMs
        ? null
        : `idlerace cannot change the setting of this server (the matrix states ${inWords(config.idleTimeoutMs)}; the strategy requires ${inWords(idleTimeoutMs)})`,
    ),
  },
  async prepare(config) {
    refuseUnlessRunning(config);
  },
  async start({ config }) {
    if (config.kind !== 'url') throw new HarnessError('target-start-failed', 'Not a URL target.');
    refuseUnlessRunning(config);
    const endpoint = endpointOf(config);
    checkAnswer(config.url, await firstBytes(config.url, endpoint));
    // Asked for in vain it is an error now; later, in the middle of a trial, it is what is not available.
    if (config.metricsUrl !== null) await readMetrics(config.metricsUrl);
    return running(config, endpoint);
  },
};

function running({ url, pid, metricsUrl }: UrlConfig, endpoint: Endpoint): RunningTarget {
  return {
    endpoint,
    pid,
    lost: new Promise(() => {}),
    // The OS tells more of a process than the process does.
    usage: async () =>
      pid !== null || metricsUrl === null ? null : await readMetrics(metricsUrl).catch(() => null),
    pulse: null,
    async stop() {
      // Whoever died during the load failed its requests, and the strategy is not to blame.
      await firstBytes(url, endpoint);
      return null;
    },
    kill() {},
  };
}

/** @throws HarnessError `target-start-failed` when the matrix names a process that is not there. */
function refuseUnlessRunning({ pid, url }: UrlConfig): void {
  if (pid === null || isRunning(pid)) return;
  throw new HarnessError('target-start-failed', `There is no process ${pid} on this machine (target.pid).`, {
    hint: `ss -ltnp | grep ${new URL(url).port || new URL(url).protocol.replace(':', '')}`,
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function inWords(ms: number | null): string {
  return ms === null ? 'none' : `${ms} ms`;
}

/** One request, before any load: the first bytes of what comes back. */
async function firstBytes(url: string, endpoint: Endpoint): Promise<string> {
  try {
    return await firstAnswer(endpoint, new URL(url).pathname, answerTimeoutMs);
  } catch (error) {
    throw new HarnessError('target-start-failed', `No answer from ${url}: ${reasonOf(error)}.`, {
      hint: `curl -v ${url}`,
    });
  }
}

function checkAnswer(url: string, answer: string): void {
  if (isHttp(answer)) return;
  throw new HarnessError(
    'target-garbage',
    `${url} does not speak HTTP/1.1: its answer starts with ${JSON.stringify(answer.slice(0, quotedBytesMax))}.`,
    { hint: `curl -v ${url}` },
  );
}
