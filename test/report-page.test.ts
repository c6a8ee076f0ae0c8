/** The HTML report in a real browser: nothing leaves the page, nothing overflows, nothing needs a script. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { htmlReport } from '../reports/html/html.ts';
import { fixtureInput, hostileName } from './fixtures/summary.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// On a machine without a browser: apt-get install chromium
const inBrowser = test.skipIf(executablePath === undefined);
let browser: Browser;
let page: string;

beforeAll(async () => {
  if (executablePath === undefined) return;
  browser = await chromium.launch({ executablePath, args: flags });
  const [{ text }] = htmlReport.render(fixtureInput());
  const file = join(mkdtempSync(join(tmpdir(), 'idlerace-page-')), 'report.html');
  writeFileSync(file, text);
  page = pathToFileURL(file).href;
}, 60_000);

afterAll(() => browser?.close());

const looks = [1_280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

inBrowser.each(looks)(
  'fits $width px in $colorScheme, asks for nothing and says nothing',
  async ({ width, colorScheme }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const tab = await context.newPage();
    const noise: string[] = [];
    tab.on('console', (message) => noise.push(message.text()));
    tab.on('pageerror', (error) => noise.push(error.message));
    tab.on('request', (request) => {
      if (request.url() !== page) noise.push(request.url());
    });
    await tab.goto(page);
    // As text: the types of a page's own globals are not this project's.
    const [scrollWidth, clientWidth, background] = await tab.evaluate<[number, number, string]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth, getComputedStyle(document.body).backgroundColor]',
    );
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    const [red] = (background.match(/\d+/g) ?? []).map(Number);
    expect(red > 128).toBe(colorScheme === 'light');
    expect(noise).toEqual([]);
    await context.close();
  },
);

inBrowser('is complete with scripts off: every strategy named, charts drawn and described', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const tab = await context.newPage();
  await tab.goto(page);
  const text = await tab.locator('body').innerText();
  const labels = fixtureInput().summary.scenarios[0].strategies.map(({ label }) => label);
  for (const label of labels.filter((one) => one !== hostileName)) expect(text).toContain(label);
  // The hostile name is there as text: none of it became an element or a script.
  expect(text).toContain('</script> pre$ ` <b>');
  const charts = tab.getByRole('img');
  expect(await charts.count()).toBeGreaterThanOrEqual(4);
  for (const chart of await charts.all()) expect(await chart.getAttribute('aria-label')).toBeTruthy();
  await context.close();
});
