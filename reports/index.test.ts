import { expect, test } from 'vitest';
import { fixtureInput } from '../test/fixtures/summary.ts';
import { reportFormats } from './index.ts';

test('reportFormats have ids, summaries and files of their own', () => {
  expect(reportFormats.map(({ id }) => id)).toEqual(['csv', 'markdown', 'json', 'html']);
  const files = reportFormats.flatMap((format) =>
    format.render(fixtureInput()).map(({ fileName }) => fileName),
  );
  expect(files).toEqual([
    'summary.csv',
    'trials.csv',
    'windows.csv',
    'report.md',
    'summary.json',
    'report.html',
  ]);
  for (const { summary } of reportFormats) expect(summary.length).toBeGreaterThan(20);
});

test('json is the summary and nothing else', () => {
  const input = fixtureInput();
  const [file] = reportFormats.find(({ id }) => id === 'json')?.render(input) ?? [];
  expect(JSON.parse(file.text)).toEqual(input.summary);
});
