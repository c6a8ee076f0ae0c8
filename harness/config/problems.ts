/** What no single field can tell: values that are possible each and not together. */
import { formatDuration } from '../base/units.ts';
import { isHostAllowed } from './allowed-host.ts';
import { absoluteGap, isReversed } from './gap-length.ts';
import type { Matrix } from './matrix-schema.ts';
import type { Path, Problem } from './source.ts';
import type { RawScenario } from './sweep.ts';

const trialMsMax = 86_400_000;

export function findProblems(matrix: Matrix, scenario: RawScenario): Problem[] {
  const { target, traffic, client } = matrix;
  const problems: Problem[] = target.kind === 'url' ? urlProblems(matrix, target, scenario) : [];
  const add = (path: Path, says: string) => problems.push({ path: scenario.origin(path), says });
  if (target.kind === 'embedded' && target.insecure && !target.tls) {
    add(['target', 'insecure'], 'there is nothing to verify without tls: true');
  }
  if (target.kind === 'embedded' || target.kind === 'go') {
    const tls = target.kind === 'embedded' && target.tls;
    problems.push(...faultProblems({ faults: target.faults, tls }, traffic, scenario));
  }
  if (matrix.via !== null && isTls(target)) {
    add(['via'], 'the second hop is plain HTTP; expected a target without TLS');
  }
  if (matrix.network.upstreamRttMs > 0 && matrix.via === null) {
    add(['network', 'upstreamRtt'], 'there is no second hop without via');
  }
  if (traffic.kind === 'think-time') {
    const gap = absoluteGap(traffic.gap, target.idleTimeoutMs);
    if (gap === null) {
      add(['traffic', 'gap'], 'a share of target.idleTimeout needs a target with an idle timeout');
    } else if (isReversed(gap)) add(['traffic', 'gap'], 'uniform: [min, max] needs min at or below max');
  }
  if (traffic.kind === 'heartbeat' && traffic.jitterMs > traffic.periodMs / 2) {
    add(['traffic', 'jitter'], above(traffic.jitterMs, 'half the period', traffic.periodMs / 2));
  }
  if (traffic.kind === 'bursts' && traffic.spreadMs > traffic.periodMs) {
    add(['traffic', 'spread'], above(traffic.spreadMs, 'the period', traffic.periodMs));
  }
  if (matrix.duration + matrix.warmup > trialMsMax) {
    add(['duration'], above(matrix.duration + matrix.warmup, 'a trial, with its warmup,', trialMsMax));
  }
  if (matrix.generators > traffic.clients) {
    const says = `at most one for each client is possible, ${traffic.clients}; it is ${matrix.generators}`;
    add(['generators'], says);
  }
  if (client.connectTimeoutMs > client.requestTimeoutMs) {
    add(
      ['client', 'connectTimeout'],
      above(client.connectTimeoutMs, 'requestTimeout', client.requestTimeoutMs),
    );
  }
  return problems;
}

function isTls(target: Matrix['target']): boolean {
  if (target.kind === 'url') return new URL(target.url).protocol === 'https:';
  return target.kind === 'embedded' && target.tls;
}

function faultProblems(
  { faults, tls }: { faults: Readonly<Partial<Record<string, number>>>; tls: boolean },
  traffic: Matrix['traffic'],
  scenario: RawScenario,
): Problem[] {
  const problems: Problem[] = [];
  const path = ['target', 'faults'];
  if ((faults['no-close-notify'] ?? 0) > 0 && !tls) {
    const says = 'there is no close_notify to leave out without tls: true';
    problems.push({ path: scenario.origin([...path, 'no-close-notify']), says });
  }
  if (traffic.kind === 'closed' && Object.values(faults).some((count) => (count ?? 0) > 0)) {
    const says = 'which requests a closed loop will send is not known in advance; expected open traffic';
    problems.push({ path: scenario.origin(path), says });
  }
  return problems;
}

function above(ms: number, what: string, msMax: number): string {
  return `at most ${what} is possible, ${formatDuration(msMax)}; it is ${formatDuration(ms)}`;
}

function urlProblems(
  { allowHosts }: Matrix,
  { url, insecure, metricsUrl }: Extract<Matrix['target'], { kind: 'url' }>,
  scenario: RawScenario,
): Problem[] {
  const problems: Problem[] = [];
  const path = scenario.origin(['target', 'url']);
  const { pathname, search, hash, username, password, protocol, hostname } = new URL(url);
  const place = `${pathname}${search}${hash}`;
  if (place !== '/') problems.push({ path, says: `the path belongs to request.path; it is "${place}"` });
  if (username !== '' || password !== '') {
    problems.push({ path, says: 'a name and password in the URL are not sent; use request.headers' });
  }
  if (insecure && protocol === 'http:') {
    const says = 'there is nothing to verify without https';
    problems.push({ path: scenario.origin(['target', 'insecure']), says });
  }
  const refuseForeign = (host: string, at: Path) => {
    if (isHostAllowed(host, allowHosts)) return;
    const says = `"${host}" is not loopback; requests go there only when allowHosts names it`;
    problems.push({ path: at, says, code: 'host-not-allowed' });
  };
  refuseForeign(hostname, path);
  if (metricsUrl !== null)
    refuseForeign(new URL(metricsUrl).hostname, scenario.origin(['target', 'metrics']));
  return problems;
}
