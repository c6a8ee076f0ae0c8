import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReportInput } from '../../harness/contract/report.ts';
import { type StrategySummary, type Summary, verdictWords } from '../../harness/contract/summary.ts';
import {
  behindBalancerInput,
  emptyInput,
  fixtureInput,
  hostileName,
  sweepInput,
} from '../../test/fixtures/summary.ts';
import { escapeHtml } from '../escape.ts';
import { htmlReport } from './html.ts';

const render = (input: ReportInput) => htmlReport.render(input)[0].text;
const pages = {
  one: render(fixtureInput()),
  sweep: render(sweepInput()),
  empty: render(emptyInput()),
  behind: render(behindBalancerInput()),
};
const eachPage = Object.entries(pages).map(([name, page]) => ({ name, page }));

const voidElements = ['meta', '!doctype'];

/** First thing wrong with the nesting of tags and the quoting of attributes; null when all is well. */
function malformed(page: string): string | null {
  const open: string[] = [];
  for (const [tag, slash, name, attributes, selfClosed] of page.matchAll(
    /<(\/?)([!a-zA-Z][a-zA-Z0-9]*)([^<>]*?)(\/?)>/g,
  )) {
    if (slash === '/') {
      if (open.pop() !== name) return `${tag} closes what is not open`;
    } else if (name !== '!doctype' && !/^(\s+[a-zA-Z-]+(:[a-z]+)?="[^"]*")*\s*$/.test(attributes)) {
      return `attributes of ${tag}`;
    } else if (selfClosed === '' && !voidElements.includes(name)) {
      open.push(name);
    }
  }
  const stray = page.replace(/<\/?[!a-zA-Z][^<>]*>/g, '').match(/<.{0,20}/);
  return stray?.[0] ?? open.at(-1) ?? null;
}

test.each(eachPage)('html is well formed ($name)', ({ page }) => {
  expect(malformed(page)).toBeNull();
});

test.each(eachPage)('html needs no network and no script ($name)', ({ page }) => {
  expect(page).not.toMatch(/https?:|<script|<link|<iframe|@import|url\((?!#)|\son\w+=/i);
});

test.each(eachPage)('html shows nothing that is not a word or a number ($name)', ({ page }) => {
  expect(page).not.toMatch(/\bundefined\b|\bNaN\b|\bnull\b|\[object|Infinity/);
});

test('html shows every strategy in every scenario', () => {
  for (const { label } of fixtureInput().summary.scenarios[0].strategies) {
    const shown = escapeHtml(label);
    expect(pages.one.split(shown).length).toBeGreaterThan(4);
    expect(pages.sweep.split(shown).length).toBeGreaterThan(9 * 4);
  }
});

test('html says on which hop requests died, and what stands between client and target', () => {
  expect(pages.behind).toContain('<li>reuse, behind nginx: 31 of 1,640 attempts on the second hop failed;');
  expect(pages.behind).toContain(
    '<dt>between client and target</dt><dd>nginx, round trip to the target 10ms',
  );
  expect(pages.behind).toMatch(/via\.upstreamIdleTimeoutMs<\/code><\/td><td>60000/);
  expect(pages.one).not.toContain('second hop');
});

test('html keeps a hostile name text wherever it stands', () => {
  expect(pages.one).toContain('./mine&lt;/script&gt; pre$ ` &lt;b&gt;|�[31m.ts');
  expect(pages.one).not.toMatch(/<\/script|` <b>/);
});

/** Every string of the summary that a user could have written, replaced. */
function named(name: string): ReportInput {
  const { summary } = fixtureInput();
  const rename = (value: unknown, key: string): unknown => {
    if (typeof value === 'string' && ['word', 'scale', 'code', 'id', 'kind', 'reference'].includes(key))
      return value;
    if (typeof value === 'string') return value === 'reuse' ? value : name;
    return value;
  };
  const renamed: Summary = JSON.parse(JSON.stringify(summary), (key, value) => rename(value, key));
  const [scenario] = renamed.scenarios;
  return { summary: { ...renamed, scenarios: [{ ...scenario, axes: { [name]: name } }] } };
}

test('html stays well formed whatever strings a summary holds', () => {
  const nasty = fc.oneof(
    fc.constantFrom(
      hostileName,
      '"><svg onload="x">',
      '--></style>',
      ']]>',
      '{a|b}',
      '&lt;',
      'zr0-',
      '#570200',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  fc.assert(
    fc.property(nasty, (name) => {
      expect(malformed(render(named(name)))).toBeNull();
    }),
    { numRuns: 12 },
  );
});

test('html uses each identifier once, and refers to none that is missing', () => {
  for (const { page } of eachPage) {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...page.matchAll(/url\(#([^)]+)\)|href="#([^"]+)"/g)].map(([, one, other]) => one ?? other);
    expect(used.filter((id) => !ids.includes(id))).toEqual([]);
  }
});

test('html gives each chart a text alternative and both widths', () => {
  const charts = [...pages.one.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
  expect(charts).toHaveLength(4 * 2);
  for (const tag of charts) expect(tag).toMatch(/role="img" aria-label="[^"]{40,}"/);
});

test('html draws with the page’s colours only, so that dark and print hold', () => {
  const charts = pages.one.slice(pages.one.indexOf('<svg '), pages.one.lastIndexOf('</svg>'));
  const colors = [...charts.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color]) => color);
  expect(colors.length).toBeGreaterThan(100);
  expect([...new Set(colors)].filter((color) => !/^(var\(--\w+\)|none)$/.test(color))).toEqual([]);
});

test('html marks each verdict word, and draws the bound of a zero dashed', () => {
  for (const word of verdictWords) expect(pages.one).toContain(`<b class="${word}">`);
  const dashed = pages.one.match(/stroke-dasharray/g) ?? [];
  const zeros = fixtureInput().summary.scenarios[0].strategies.flatMap(({ errorRate, raceRate }) =>
    [errorRate, raceRate].filter(({ none }) => none !== null),
  );
  expect(dashed).toHaveLength(2 * zeros.length);
});

test('html writes names in findings as code', () => {
  expect(pages.one).toContain('<h1><code>reuse</code> failed');
  expect(pages.one).not.toMatch(/`\w+`/);
});

test('html is the same when rendered again', () => {
  expect(render(fixtureInput())).toBe(pages.one);
});

test('html of 9 scenarios and 7 strategies stays below 2 MB', () => {
  expect(Buffer.byteLength(pages.sweep)).toBeLessThan(2_000_000);
});

/** The fixture with one strategy changed. */
function changed(
  label: string,
  change: (strategy: StrategySummary) => Partial<StrategySummary>,
): ReportInput {
  const { summary } = fixtureInput();
  const [scenario] = summary.scenarios;
  const strategies = scenario.strategies.map((one) =>
    one.label === label ? { ...one, ...change(one) } : one,
  );
  return { summary: { ...summary, scenarios: [{ ...scenario, strategies }] } };
}

test('html leaves the time line of an unhealthy trial out', () => {
  const worse = (round: number) =>
    changed(hostileName, ({ windows }) => ({
      windows: windows.map((window) =>
        window.round === round ? { ...window, failed: window.requests } : window,
      ),
    }));
  expect(render(worse(2))).toBe(pages.one);
  expect(render(worse(3))).not.toBe(pages.one);
});

test('html says so when the latency axis is logarithmic', () => {
  expect(pages.one).not.toContain('(logarithmic)');
  const slow = changed('evict', ({ responseTimeCurve }) => ({
    responseTimeCurve: responseTimeCurve.map(({ percentile, ms }) => ({
      percentile,
      ms: percentile > 99 ? ms * 99 : ms,
    })),
  }));
  expect(render(slow)).toContain('Response time, ms (logarithmic)');
});

test('html has words where a strategy or a whole scenario has no figures', () => {
  const { summary } = fixtureInput();
  const [scenario] = summary.scenarios;
  const none = { estimate: null, low: null, high: null, none: null };
  const strategies = scenario.strategies.map((one) => ({
    ...one,
    errorRate: none,
    raceRate: none,
    responseTimeCurve: [],
    windows: [],
    trials: [],
  }));
  const page = render({ summary: { ...summary, scenarios: [{ ...scenario, strategies }] } });
  expect(page).toContain('No request was answered.');
  expect(page).toContain('No trial left a time line.');
  expect(page).toContain('<code>reuse</code> has no healthy trial');
  expect(malformed(page)).toBeNull();
  expect(page).not.toMatch(/NaN|undefined/);
});
