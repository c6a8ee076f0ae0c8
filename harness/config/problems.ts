/** What no single field can tell: values that are possible each and not together. */
import type { Matrix } from './matrix-schema.ts';
import type { Path, Problem } from './source.ts';
import type { RawScenario } from './sweep.ts';

export function findProblems(matrix: Matrix, scenario: RawScenario): Problem[] {
  const { target, traffic } = matrix;
  const problems: Problem[] = [];
  const add = (path: Path, says: string) => problems.push({ path: scenario.origin(path), says });
  if (target.kind === 'embedded' && target.insecure && !target.tls) {
    add(['target', 'insecure'], 'there is nothing to verify without tls: true');
  }
  if (target.kind === 'url') {
    const { pathname, search, username, protocol } = new URL(target.url);
    if (pathname !== '/' || search !== '') {
      add(['target', 'url'], `the path belongs to request.path; it is "${pathname}${search}"`);
    }
    if (username !== '')
      add(['target', 'url'], 'a name and password in the URL are not sent; use request.headers');
    if (target.insecure && protocol === 'http:') {
      add(['target', 'insecure'], 'there is nothing to verify without https');
    }
  }
  if (traffic.kind === 'heartbeat' && traffic.jitter > traffic.period / 2) {
    add(['traffic', 'jitter'], `at most half the period is possible: ${traffic.period / 2}ms`);
  }
  if (traffic.kind === 'bursts' && traffic.spread > traffic.period) {
    add(['traffic', 'spread'], `at most the period is possible: ${traffic.period}ms`);
  }
  if (matrix.duration + matrix.warmup > 86_400_000) add(['duration'], 'a trial of at most 24h is possible');
  if (matrix.client.connectTimeout > matrix.client.requestTimeout) {
    add(
      ['client', 'connectTimeout'],
      `it cannot be longer than requestTimeout, ${matrix.client.requestTimeout}ms`,
    );
  }
  return problems;
}
