import { expect, test } from 'vitest';
import { behindBalancerInput, emptyInput, fixtureInput, sweepInput } from '../test/fixtures/summary.ts';
import { htmlReport } from './html/html.ts';
import { markdown } from './markdown.ts';

const text = markdown.render(fixtureInput())[0].text;

test('markdown has headline, table, verdicts, warnings and provenance', () => {
  expect(text).toMatch(/^## quickstart\n\n\*\*`reuse` failed 2\.9 %/);
  expect(text).toContain('\n- evict: better in error rate');
  expect(text).toContain('### Warnings');
  expect(text).toContain('<details><summary>Provenance</summary>');
  expect(text).toContain('9f2c1b7a00e4d318');
});

test('markdown tables have equally many cells in each row', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  const widths = rows.slice(0, 9).map((row) => row.split(/(?<!\\)\|/).length);
  expect(new Set(widths).size).toBe(1);
  expect(widths[0]).toBe(17);
});

test('markdown lets no name become markup', () => {
  expect(text).not.toMatch(/<\/script|<b>/);
  expect(text).toContain('./mine&lt;/script&gt; pre\\$ \\` &lt;b&gt;\\|');
  expect(text).not.toMatch(/undefined|NaN|\bnull\b/);
});

test('markdown has a section for each scenario of a sweep, and stands without any', () => {
  const sweep = markdown.render(sweepInput())[0].text;
  expect(sweep.match(/^### network\.rtt/gm)).toHaveLength(9);
  expect(markdown.render(emptyInput())[0].text).toContain('No trial was finished');
});

test('markdown lists what died on the second hop, and says in its provenance what stands there', () => {
  const behind = markdown.render(behindBalancerInput())[0].text;
  expect(behind).toContain(
    '\n- reuse, behind nginx: 31 of 1,640 attempts on the second hop failed; nginx sent 0 again',
  );
  expect(behind).toMatch(/\| between client and target \| nginx, round trip to the target 10ms/);
  expect(text).not.toMatch(/second hop|between client and target/);
});

test('markdown and page say why a run with until ended, and how its verdicts hold together', () => {
  const { summary } = fixtureInput();
  const config = {
    ...summary.run.config,
    until: { goal: { kind: 'decided' }, timeMsMax: 180_000 } as const,
  };
  const open = [{ scenario: 'main', strategy: 'evict', metric: 'responseTimeP99' } as const];
  const run = { ...summary.run, config, stopped: { reason: 'time', open } as const };
  const input = { summary: { ...summary, run } };
  for (const { text: page } of [...markdown.render(input), ...htmlReport.render(input)]) {
    expect(page).toContain('These verdicts were not decided within 3m: evict p99.');
    expect(page).toMatch(/These 30 intervals hold together with 95.% confidence/);
  }
});
