import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { widthOf } from '../harness/base/wrap-text.ts';
import type { Summary } from '../harness/contract/summary.ts';
import { behindBalancerInput, emptyInput, fixtureInput, sweepInput } from '../test/fixtures/summary.ts';
import { renderTerminal } from './terminal.ts';

const { summary } = fixtureInput();
const runs = {
  one: summary,
  sweep: sweepInput().summary,
  empty: emptyInput().summary,
  behind: behindBalancerInput().summary,
};
const plainText = (columns: number, run: keyof typeof runs = 'one') =>
  renderTerminal(runs[run], { columns, color: false });
/** The lines of heading, joined. */
const headingAt = (columns: number, input: Summary = summary) => {
  const lines = renderTerminal(input, { columns, color: false }).split('\n');
  const at = lines.findIndex((line) => line.startsWith('strategy'));
  return lines.slice(lines.lastIndexOf('', at) + 1, at + 2).join(' ');
};

test.each(
  (['one', 'sweep', 'empty', 'behind'] as const).flatMap((run) =>
    [30, 42, 60, 80, 100, 140, 200].map((columns) => ({ run, columns })),
  ),
)('renderTerminal() fits $columns columns ($run)', ({ run, columns }) => {
  const lines = plainText(columns, run).split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
});

test('renderTerminal() gives up columns before the error rate', () => {
  expect(headingAt(42)).toMatch(/^strategy +errors/);
  for (const heading of ['errors', 'raced', 'predicted', 'p50', 'p99', 'CPU', 'opened']) {
    expect(headingAt(80)).toContain(heading);
  }
  for (const heading of ['requests', 'raced', 'executed']) expect(headingAt(100)).toContain(heading);
  for (const heading of ['p99 to', 'success', 'not']) expect(headingAt(140)).toContain(heading);
});

test('renderTerminal() keeps the raced share as long as it differs from the errors', () => {
  expect(headingAt(42)).toContain('raced');
  const [scenario] = summary.scenarios;
  const strategies = scenario.strategies.map((one) => ({ ...one, errorRate: one.raceRate }));
  const same = { ...summary, scenarios: [{ ...scenario, strategies }] };
  expect(headingAt(80, same)).not.toContain('raced');
  expect(headingAt(200, same)).toContain('raced');
});

test('renderTerminal() shows answers per second of closed traffic, whose strategies decide them', () => {
  expect(headingAt(200)).not.toContain('answered');
  const [scenario] = summary.scenarios;
  const config = {
    ...scenario.config,
    traffic: { kind: 'closed', clients: 400, requestsMax: 100_000 } as const,
  };
  expect(headingAt(100, { ...summary, scenarios: [{ ...scenario, config }] })).toContain('answered');
});

test('renderTerminal() shows the intervals of costs where there is room', () => {
  expect(plainText(80)).not.toContain('182 (171–194)');
  expect(plainText(140)).toContain('182 (171–194)');
});

test('renderTerminal() puts the reference first, then the others in matrix order', () => {
  const rows = plainText(80).split('\n');
  const first = rows.findIndex((line) => line.startsWith('strategy')) + 2;
  expect(rows.slice(first, first + 3).map((line) => line.split(' ')[0])).toEqual([
    'reuse',
    'retry',
    'long-idle',
  ]);
});

test('renderTerminal() uses ANSI styles only when it may, and never those of a name', () => {
  expect(plainText(80)).not.toContain('\u001b');
  const colored = renderTerminal(summary, { columns: 80, color: true });
  expect(colored).toContain('\u001b[1m');
  expect(colored).not.toContain('\u001b[31m');
  expect(stripVTControlCharacters(colored)).toBe(plainText(80));
});

test('renderTerminal() ends with warnings, their cause and remedy', () => {
  const text = plainText(80);
  expect(text).toContain('Warning: Requests were executed twice.\n  - retry in main: 41 requests');
  expect(text).toMatch(/ {2}Likely cause: The client sent a request again/);
  expect(text).toMatch(/ {2}Remedy: Retry only idempotent/);
});

test('renderTerminal() says how far the verdicts hold together, what zero leaves possible, and the overhead', () => {
  const text = plainText(200);
  expect(text).toContain('These 30 intervals hold together with 95 % confidence');
  expect(text).toContain(
    'Where no request failed, at most 63 % of rounds contain a failure and, if failures are independent,',
  );
  expect(text).toContain(
    'Harness overhead, included in every response time: p50 210 µs, p99 840 µs (301 requests to a server that answers immediately).',
  );
  expect(plainText(200, 'sweep')).toContain('expect a wrong word in up to 0.45 of them.');
});

test('renderTerminal() leaves the verdicts of a large sweep to the other reports', () => {
  const text = plainText(100, 'sweep');
  expect(text.match(/^strategy/gm)).toHaveLength(9);
  expect(text).not.toContain('better in error rate');
  expect(text).toContain('report.html');
});

test('renderTerminal() says what stands between client and target, and what died behind it', () => {
  const text = plainText(200, 'behind');
  expect(text).toMatch(
    /^`reuse` failed .* of 9,412 requests on the client’s hop .*\n.*31 of 1,640 attempts on the second hop failed\.$/m,
  );
  expect(text).toContain(
    'Between client and target: nginx, round trip to the target 10ms (clientIdleTimeout 75s,',
  );
  expect(text).toContain(
    'reuse, behind nginx: 31 of 1,640 attempts on the second hop failed; nginx sent 0 again',
  );
  expect(plainText(200)).not.toMatch(/second hop|Between client/);
});

test('renderTerminal() has one blank line at a time, also where a single strategy has no verdicts', () => {
  const [scenario] = summary.scenarios;
  const strategies = scenario.strategies.filter(({ versusReference }) => versusReference === null);
  const alone = { ...summary, scenarios: [{ ...scenario, strategies, inference: null }] };
  expect(strategies).toHaveLength(1);
  expect(renderTerminal(alone, { columns: 80, color: false })).not.toContain('\n\n\n');
});
