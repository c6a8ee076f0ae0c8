/** Texts are handed to whatever can read their language here: Node, gofmt, a YAML parser. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { facts, policies } from '../../test/fixtures/policies.ts';
import { settingsClients } from './settings.ts';
import { settingsPage } from './settings-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'idlerace-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As the command prints it: with the notes as comments. */
const pages = settingsClients.flatMap((client) =>
  Object.entries(policies).map(([policy, knobs]) => {
    const settings = client.render(knobs, facts);
    const { id, title } = client;
    return {
      id,
      policy,
      language: settings.language,
      page: settingsPage([{ id, title, ...settings }], (name) => `idlerace settings … --for ${name}`),
    };
  }),
);
const written = (language: string) => pages.filter((one) => one.language === language);

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

test.each(written('js'))('$id for "$policy" is a module that Node can read', ({ id, policy, page }) => {
  const { status, stderr } = spawnSync(process.execPath, ['--check', write(`${id}-${policy}.mjs`, page)], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

const hasGo = spawnSync('gofmt', ['-h']).error === undefined;

test.skipIf(!hasGo)('go for every policy is as gofmt writes it (apt-get install golang-go)', () => {
  const files = written('go').map(({ policy, page }) => write(`${policy.replaceAll(/\W+/g, '-')}.go`, page));
  const { stdout, stderr } = spawnSync('gofmt', ['-e', '-d', ...files], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('');
});

test.each(written('yaml'))('$id for "$policy" is YAML', ({ page }) => {
  const document: unknown = parse(page);
  expect(document === null || typeof document === 'object').toBe(true);
});

test('envoy gives its durations as numbers of seconds', () => {
  const page = written('yaml').find(({ policy }) => policy === 'everything')?.page ?? '';
  expect(parse(page)).toMatchObject({
    clusters: [
      {
        typed_extension_protocol_options: {
          'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
            common_http_protocol_options: { idle_timeout: '4.949s', max_connection_duration: '60s' },
          },
        },
        upstream_connection_options: { tcp_keepalive: { keepalive_time: 15 } },
      },
    ],
    routes: [{ route: { retry_policy: { retry_on: 'reset', num_retries: 1 } } }, {}],
  });
});

test.each(pages)('$id for "$policy" is free of what was not filled in', ({ page }) => {
  expect(page).not.toMatch(/undefined|NaN|\[object|\$\{/);
});
