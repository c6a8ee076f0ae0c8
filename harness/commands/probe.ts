/** `idlerace probe`: finds what a server does with idle connections, and prints the settings that a client needs. */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { endpointOf } from '../base/endpoint-of.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host, Output } from '../base/host.ts';
import { assertHostAllowed } from '../config/allowed-host.ts';
import { type Policy, referencePolicy } from '../contract/policy.ts';
import { ProbeBudget, planBudget, purposes } from '../evidence/probe/probe-budget.ts';
import type { ProbeFindings } from '../evidence/probe/probe-findings.ts';
import { probePage } from '../evidence/probe/probe-page.ts';
import { type ProbeSetup, probeServer } from '../evidence/probe/probe-server.ts';
import { recommend, verifyingMatrix } from '../evidence/probe/recommend.ts';
import { chooseClients } from '../settings/choose-clients.ts';
import { durationOption, wholeNumberOption } from './options.ts';

export interface ProbeOptions {
  readonly requests: string;
  readonly longest: string;
  readonly requestsPerConnection: string;
  readonly lag: string;
  readonly serverLag?: string;
  readonly clientLag?: string;
  readonly for: string;
  readonly allowHost: readonly string[];
  readonly insecure: boolean;
  readonly write?: string;
  readonly json: boolean;
}

/** Longest time for an answer; a server that takes longer cannot be timed. */
const answerMs = 5_000;
/** Shortest value of --longest. */
const longestMsMin = 1_000;

export async function probeCommand(host: Host, text: string, options: ProbeOptions): Promise<number> {
  const clients = chooseClients(options.for, 'idlerace probe URL');
  const file = options.write === undefined ? null : resolve(host.cwd, options.write);
  if (file !== null && existsSync(file)) {
    throw new HarnessError(
      'output-failed',
      `Cannot write the matrix to "${options.write}": the file exists already.`,
      { hint: 'idlerace probe URL --write another.yaml' },
    );
  }
  const progress = progressTo(host.stderr);
  const interrupted = new AbortController();
  const { signal } = interrupted;
  const setup = { ...readSetup(text, options), signal, onProgress: progress.show };
  const { plan } = setup.budget;
  const all = purposes.reduce((sum, purpose) => sum + plan[purpose], 0);
  const parts = purposes.map((purpose) => `${plan[purpose]} ${purpose}`).join(', ');
  host.stderr.write(`at most ${all} requests to ${setup.endpoint.authority}: ${parts}\n`);
  const stopListening = host.onInterrupt(() => interrupted.abort());
  let findings: ProbeFindings;
  try {
    findings = await probeServer(setup);
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.clear();
    stopListening();
  }
  const recommendation = recommend(findings, setup.lags);
  const { evictAtMs, promisedMs } = recommendation;
  const matrix = verifyingMatrix(findings, evictAtMs);
  const facts = {
    rttMs: Math.ceil(findings.roundTripMs.max),
    serverIdleTimeoutMs: promisedMs,
    peerIdleTimeoutMs: promisedMs,
    gapMaxMs: setup.longestMs,
    ...setup.lags,
  };
  const settings =
    evictAtMs === null
      ? []
      : clients.map(({ id, title, render }) => ({
          ...{ id, title },
          ...render(policyOf(promisedMs, evictAtMs), facts),
        }));
  if (file !== null && matrix !== null) writeFileSync(file, matrix, { flag: 'wx' });
  else if (file !== null) {
    host.stderr.write(
      `"${options.write}" was not written: a matrix needs an idle timeout. Look longer with --longest.\n`,
    );
  }
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
  if (matrix !== null) host.stdout.write(`\n${matrixWords(options.write)}\n${matrix}`);
  return exitCodes.fine;
}

/** @throws HarnessError `usage`. */
function readSetup(text: string, options: ProbeOptions): Omit<ProbeSetup, 'signal' | 'onProgress'> {
  const url = readUrl(text);
  assertHostAllowed(url.hostname, options.allowHost);
  const longestMs = durationOption('--longest', options.longest);
  if (longestMs < longestMsMin) {
    throw new HarnessError('usage', `Cannot use --longest "${options.longest}": expected at least 1s.`);
  }
  const count = (name: string, value: string) => wholeNumberOption(name, value, 1, 1_000_000);
  const requestsMax = count('--requests', options.requests);
  const perConnection = count('--requests-per-connection', options.requestsPerConnection);
  return {
    url: url.href,
    endpoint: endpointOf({ url: url.href, insecure: options.insecure }),
    path: `${url.pathname}${url.search}`,
    budget: new ProbeBudget(planBudget(requestsMax, perConnection)),
    ...{ longestMs, answerMs },
    lags: {
      serverLagMs: durationOption('--server-lag', options.serverLag ?? options.lag),
      clientLagMs: durationOption('--client-lag', options.clientLag ?? options.lag),
    },
  };
}

/** One line that is rewritten on a terminal; without a terminal, one line for each phase. */
function progressTo(stderr: Output) {
  let last = '';
  return {
    show(phase: string, detail?: string) {
      const line = detail === undefined ? phase : `${phase}, ${detail}`;
      if (stderr.isTty) stderr.write(`\r\u001b[K${line.slice(0, stderr.columns - 1)}`);
      else if (phase !== last) stderr.write(`${phase}\n`);
      last = phase;
    },
    clear() {
      if (stderr.isTty && last !== '') stderr.write('\r\u001b[K');
      last = '';
    },
  };
}

function matrixWords(file: string | undefined): string {
  return file === undefined
    ? '--- This matrix tries the advice. Write it to a file with --write probe.yaml'
    : `--- written to ${file}; run it: idlerace run ${file}`;
}

function policyOf(serverIdleTimeoutMs: number | null, evictAtMs: number | null): Policy {
  const reference = referencePolicy(serverIdleTimeoutMs);
  return { ...reference, connection: { ...reference.connection, idleTimeoutMs: evictAtMs } };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new HarnessError(
    'usage',
    `Cannot probe "${text}": expected a URL, for example http://127.0.0.1:8080/.`,
    {
      hint: 'idlerace probe http://127.0.0.1:8080/',
    },
  );
}
