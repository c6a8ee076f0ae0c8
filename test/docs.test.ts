/** Docs that name things of the code are held to it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { clientKinds } from '../harness/client/index.ts';
import { type StrategyRow, strategiesFor } from '../harness/commands/strategies-for.ts';
import type { Carried } from '../harness/contract/carries.ts';
import { healthLimits } from '../harness/contract/health.ts';
import { knobs } from '../harness/contract/knobs.ts';
import { outcomes } from '../harness/contract/outcome.ts';
import { closeCauses, deathSigns, samplesLayout } from '../harness/contract/samples.ts';
import { balancerKinds } from '../harness/network/balancer/index.ts';
import { checks } from '../harness/selftest/checks.ts';
import { settingsClients } from '../harness/settings/settings.ts';
import { targetKinds } from '../harness/target/index.ts';
import { strategies } from '../strategies/index.ts';
import { cliProcesses } from './fixtures/cli-processes.ts';

const doc = (name: string) => readFileSync(join(import.meta.dirname, '..', name), 'utf8');

test('docs/strategies.md has a section for each strategy, in the table’s order, naming its options', () => {
  const text = doc('docs/strategies.md');
  const sections = [...text.matchAll(/^## ([a-z-]+)$/gm)].map(([, id]) => id);
  expect(sections).toEqual(strategies.map(({ id }) => id));
  for (const { id, options } of strategies) {
    const section = text.split(`## ${id}\n`)[1].split('\n## ')[0];
    for (const option of Object.keys(options)) expect(section).toContain(`\`${option}\``);
  }
});

test('docs/targets.md has a section for each target and each balancer, in the tables’ order', () => {
  const launch = { processes: cliProcesses(), cpus: null };
  const ids = [
    ...targetKinds(launch).map(({ id }) => id),
    ...balancerKinds(launch).map(({ id }) => `via: ${id}`),
  ];
  const text = doc('docs/targets.md');
  const sections = [...text.matchAll(/^## ((?:via: )?[a-z-]+)$/gm)].map(([, id]) => id);
  expect(sections).toEqual(ids);
});

test('docs/clients.md has a row for each client, in the table’s order, here and in what was measured', () => {
  const text = doc('docs/clients.md');
  const [table, , measured] = text.split(/^## .*$/m);
  const idsOf = (part: string) => [...part.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
  const ids = clientKinds.map(({ id }) => id);
  expect(idsOf(table)).toEqual(ids);
  expect(idsOf(measured)).toEqual(ids);
});

test('no doc holds the marks of a merge', () => {
  for (const name of ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md']) {
    expect(doc(name)).not.toMatch(/^(<{7}|={7}|>{7})/m);
  }
});

test('every file that the docs link to is there', () => {
  for (const name of [
    'README.md',
    'docs/law.md',
    'docs/method.md',
    'docs/selftest.md',
    'docs/files.md',
    'docs/strategies.md',
    'docs/errors.md',
    'docs/report.md',
    'docs/targets.md',
    'docs/performance.md',
    'docs/drivers.md',
    'docs/settings.md',
  ]) {
    const folder = name.includes('/') ? 'docs' : '.';
    for (const [, link] of doc(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      expect(() => doc(join(folder, link)), `${name} links to ${link}`).not.toThrow();
    }
  }
});

test('ARCHITECTURE.md has a row for each template, and names files that exist', () => {
  const places = section(doc('ARCHITECTURE.md'), '## Where do I put …');
  const templates = readdirSync(join(import.meta.dirname, '../scripts/new')).map((file) =>
    basename(file, '.txt'),
  );
  expect([...places.matchAll(/^\| an? .*\*\*([a-z]+)\*\*/gm)].map(([, kind]) => kind).sort()).toEqual(
    templates.sort(),
  );
  const paths = [...places.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)].map(([, path]) => path);
  const named = paths.filter((path) => !path.includes('NAME'));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(import.meta.dirname, '..', path)))).toEqual([]);
});

test('docs/method.md has the table of the health gate', () => {
  const percent = (metric: string, value: number | null) =>
    value === null ? 'never' : metric.endsWith('Share') ? `${value * 100} %` : `${value} ms`;
  const rows = Object.entries(healthLimits({ rttMs: 10, requestTimeoutMs: 5_000 })).map(
    ([metric, { warn, max }]) => [metric, percent(metric, warn), percent(metric, max)] as const,
  );
  const table = [
    ...doc('docs/method.md').matchAll(/^\| `(\w+)` \|[^|]*\| (\d+ (?:ms|%)) \| (\d+ (?:ms|%)|never) \|$/gm),
  ].map(([, metric, warn, max]) => [metric, warn, max]);
  expect(table).toEqual(rows);
});

test('docs/selftest.md has a section for each check, in the table’s order, with its title', () => {
  const sections = [...doc('docs/selftest.md').matchAll(/^## ([a-z-]+): (.+)$/gm)].map(([, id, title]) => [
    id,
    title,
  ]);
  const lowered = (title: string) => title[0].toLowerCase() + title.slice(1);
  expect(sections).toEqual(checks.map(({ id, title }) => [id, lowered(title)]));
});

/** The words in the first column of the tables in a section, with those of the second if they are quoted too. */
function tableWords(text: string): string[][] {
  return [...text.matchAll(/^\| `([^`]+)` \| (?:`([^`]+)` \|)?/gm)].map(([, first, second]) =>
    second === undefined ? [first] : [first, second],
  );
}

function section(text: string, heading: string): string {
  return text.split(`${heading}\n`)[1].split(/^#+ /m)[0];
}

test('docs/drivers.md has the contract’s outcomes, signs and causes, in the order of their codes', () => {
  const text = doc('docs/drivers.md');
  const words = (heading: string) => tableWords(section(text, heading)).map(([word]) => word);
  expect(words('### Outcomes')).toEqual([...outcomes]);
  expect(words('### Signs')).toEqual([...deathSigns]);
  expect(words('### Causes')).toEqual([...closeCauses]);
});

test('the Go client writes every column of the samples, and no other', () => {
  const written = [...doc('harness/client/go/books.go').matchAll(/\{Name: "([\w.]+)"/g)].map(
    ([, name]) => name,
  );
  const columns = Object.entries(samplesLayout).flatMap(([table, names]) =>
    Object.keys(names).map((name) => `${table}.${name}`),
  );
  expect(written).toEqual(columns);
});

test('docs/drivers.md has every column of the samples, with its type', () => {
  const types: ReadonlyMap<unknown, string> = new Map<unknown, string>([
    [Float64Array, 'f64'],
    [Uint32Array, 'u32'],
    [Uint16Array, 'u16'],
    [Uint8Array, 'u8'],
  ]);
  const columns = Object.entries(samplesLayout).flatMap(([table, names]) =>
    Object.entries(names).map(([name, type]) => [`${table}.${name}`, types.get(type)]),
  );
  const told = tableWords(section(doc('docs/drivers.md'), '## The samples'));
  expect(told.filter(([, type]) => type !== undefined)).toEqual(columns);
});

test('docs/drivers.md has every knob of a client, with the reference policy’s value and the sentence', () => {
  const text = doc('docs/drivers.md');
  const rows = [...Object.entries(knobs.connection), ...Object.entries(knobs.retry)].map(
    ([name, { default: initial, says }]) =>
      `| \`${name}\` | ${typeof initial === 'string' ? `\`${initial}\`` : JSON.stringify(initial)} | ${says} |`,
  );
  expect(
    section(text, '### The knobs')
      .split('\n')
      .filter((line) => line.startsWith('| `')),
  ).toEqual(rows);
});

/** `cannot | only in part`. */
function limitsText(carries: Readonly<Record<string, Carried<never>>>): string {
  const named = (how: string) =>
    Object.entries(carries).flatMap(([knob, row]) => (row.how === how ? [`\`${knob}\``] : []));
  return `${named('not').join(' ')} | ${named('partly').join(' ')}`;
}

test('docs/settings.md has a row for each client, in the table’s order, naming its limits', () => {
  const rows = doc('docs/settings.md')
    .split('\n')
    .filter((line) => /^\| `/.test(line));
  expect(rows).toEqual(
    settingsClients.map(({ id, title, limits }) => `| \`${id}\` | ${title} | ${limitsText(limits)} |`),
  );
});

test('docs/clients.md has the limits of each client, and which strategies each carries out', async () => {
  const rows = section(doc('docs/clients.md'), '## Knobs and strategies')
    .split('\n')
    .filter((line) => /^\| (`|strategy )/.test(line));
  const tables = await Promise.all(clientKinds.map(strategiesFor));
  const cell = ({ refusals, variant }: StrategyRow) =>
    refusals.length === 0 ? 'yes' : variant === null ? 'no' : `\`${variant}\``;
  expect(rows).toEqual([
    ...clientKinds.map(({ id, carries }) => `| \`${id}\` | ${limitsText(carries ?? {})} |`),
    `| strategy | ${clientKinds.map(({ id }) => `\`${id}\``).join(' | ')} |`,
    ...strategies.map(({ id }, row) => `| \`${id}\` | ${tables.map((one) => cell(one[row])).join(' | ')} |`),
  ]);
});
