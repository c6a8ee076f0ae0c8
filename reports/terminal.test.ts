import { expect, test } from 'vitest';
import { behindBalancerInput, emptyInput, fixtureInput, sweepInput } from './fixture-summary.ts';
import { renderTerminal } from './terminal.ts';
import { widthOf } from './wrap-text.ts';

const { summary } = fixtureInput();
const runs = {
  one: summary,
  sweep: sweepInput().summary,
  empty: emptyInput().summary,
  behind: behindBalancerInput().summary,
};
const plainText = (columns: number, run: keyof typeof runs = 'one') =>
  renderTerminal(runs[run], { columns, color: false });
const headingAt = (columns: number) =>
  plainText(columns)
    .split('\n')
    .find((line) => line.startsWith('strategy')) ?? '';

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
  for (const heading of ['errors', 'predicted', 'p50', 'p99', 'CPU', 'opened', 'twice', 'lost']) {
    expect(headingAt(80)).toContain(heading);
  }
  expect(headingAt(140)).toContain('raced');
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
  const withoutStyles = ['1', '2', '33', '0'].reduce(
    (text, style) => text.replaceAll(`\u001b[${style}m`, ''),
    colored,
  );
  expect(withoutStyles).toBe(plainText(80));
});

test('renderTerminal() ends with warnings, their cause and remedy', () => {
  const text = plainText(80);
  expect(text).toContain('Warning: Requests were executed twice.\n  - retry in main: 41 requests');
  expect(text).toMatch(/ {2}Likely cause: A retry/);
  expect(text).toMatch(/ {2}Remedy: Retry only idempotent/);
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
    /^reuse loses .* to the race on the client’s hop .*31 of 1,640 attempts on the second hop died\.$/m,
  );
  expect(text).toContain(
    'Between client and target: nginx, round trip to the target 10ms (clientIdleTimeout 75s,',
  );
  expect(text).toContain(
    'reuse, behind nginx: 31 of 1,640 attempts on the second hop died; nginx sent 0 again',
  );
  expect(plainText(200)).not.toMatch(/second hop|Between client/);
});
