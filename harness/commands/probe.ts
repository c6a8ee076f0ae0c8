/** `idlerace probe`: what a server that one cannot read does with idle connections, and what a client should be set to. */
import { settingsClients } from '../../reports/settings/settings.ts';
import { endpointOf } from '../base/endpoint-of.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { assertHostAllowed } from '../config/allowed-host.ts';
import { type Policy, referencePolicy } from '../contract/policy.ts';
import { ProbeBudget, planBudget, purposes } from '../probe/probe-budget.ts';
import { probePage } from '../probe/probe-page.ts';
import { probeServer } from '../probe/probe-server.ts';
import { recommend, verifyingMatrix } from '../probe/recommend.ts';
import { durationOption, wholeNumberOption } from './options.ts';

export interface ProbeOptions {
  readonly requests: string;
  readonly longest: string;
  readonly requestsPerConnection: string;
  readonly lag: string;
  readonly for: string;
  readonly allowHost: readonly string[];
  readonly insecure: boolean;
  readonly json: boolean;
}

/** Longest time for an answer; a server that takes longer cannot be timed. */
const answerMs = 5_000;
/** At least this much of idleness must be waited for. */
const longestMsMin = 1_000;

export async function probeCommand(host: Host, text: string, options: ProbeOptions): Promise<number> {
  const url = readUrl(text);
  assertHostAllowed(url.hostname, options.allowHost);
  const clients = chooseClients(options.for);
  const requestsMax = wholeNumberOption('--requests', options.requests, 1, 1_000_000);
  const perConnection = wholeNumberOption(
    '--requests-per-connection',
    options.requestsPerConnection,
    1,
    1_000_000,
  );
  const longestMs = durationOption('--longest', options.longest);
  if (longestMs < longestMsMin) {
    throw new HarnessError('usage', `Cannot use --longest "${options.longest}": at least 1s is wanted.`);
  }
  const lagMs = durationOption('--lag', options.lag);
  const budget = new ProbeBudget(planBudget(requestsMax, perConnection));
  const all = purposes.reduce((sum, purpose) => sum + budget.plan[purpose], 0);
  const parts = purposes.map((purpose) => `${budget.plan[purpose]} ${purpose}`).join(', ');
  host.stderr.write(`at most ${all} requests to ${url.host}: ${parts}\n`);
  const progress = (line: string) => {
    if (host.stderr.isTty) host.stderr.write(`\r\u001b[K${line.slice(0, host.stderr.columns - 1)}`);
  };
  const interrupted = Promise.withResolvers<'interrupted'>();
  const stopListening = host.onInterrupt(() => interrupted.resolve('interrupted'));
  const endpoint = endpointOf({ url: url.href, insecure: options.insecure });
  const path = `${url.pathname}${url.search}`;
  const setup = { url: url.href, endpoint, path, budget, longestMs, answerMs, onProgress: progress };
  try {
    const findings = await Promise.race([probeServer(setup), interrupted.promise]);
    progress('');
    if (findings === 'interrupted') return exitCodes.interrupted;
    const recommendation = recommend(findings, lagMs);
    const matrix = verifyingMatrix(findings, recommendation.evictAtMs);
    const policy = policyOf(findings.idleTimeout.fromMs, recommendation.evictAtMs);
    const facts = {
      rttMs: findings.roundTripMs.max,
      serverIdleTimeoutMs: findings.idleTimeout.fromMs,
      peerIdleTimeoutMs: findings.idleTimeout.fromMs,
      gapMaxMs: longestMs,
      serverLagMs: lagMs,
      clientLagMs: lagMs,
    };
    const settings =
      recommendation.evictAtMs === null
        ? []
        : clients.map(({ id, title, render }) => ({ id, title, ...render(policy, facts) }));
    if (options.json) {
      host.stdout.write(`${JSON.stringify({ findings, recommendation, settings, matrix }, null, 2)}\n`);
      return exitCodes.fine;
    }
    host.stdout.write(probePage(findings, recommendation));
    for (const { title, text: snippet, notes } of settings) {
      host.stdout.write(
        `\n--- ${title}\n${snippet.trimEnd()}\n${notes.map((note) => `note: ${note}\n`).join('')}`,
      );
    }
    if (matrix !== null) {
      host.stdout.write(`\n--- probe.yaml; try it: idlerace run probe.yaml\n${matrix}`);
    }
    return exitCodes.fine;
  } finally {
    stopListening();
  }
}

function policyOf(serverIdleTimeoutMs: number | null, evictAtMs: number | null): Policy {
  const reference = referencePolicy(serverIdleTimeoutMs);
  return { ...reference, connection: { ...reference.connection, idleTimeoutMs: evictAtMs } };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new HarnessError('usage', `Cannot probe "${text}": a URL such as http://127.0.0.1:8080/ is wanted.`, {
    hint: 'idlerace probe http://127.0.0.1:8080/',
  });
}

function chooseClients(list: string) {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.map((name) => {
    const found = settingsClients.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const known = settingsClients.map(({ id }) => id).join(', ');
    throw new HarnessError('usage', `There are no settings for "${name}"; there are: ${known}.`, {
      hint: 'idlerace probe URL --for go,undici',
    });
  });
}
