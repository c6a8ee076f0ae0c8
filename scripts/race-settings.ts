/**
 * Runs the settings that `idlerace settings` writes for node:http, undici and Go against the race: a server that
 * closes idle connections after 600 ms, 20 ms away, POSTs with gaps around that. Whatever the library does by itself
 * loses some; its settings must lose none.
 *
 *     npm run race:settings        some two minutes
 *
 * Exit codes: 0 nothing was lost, 4 something was, or the race did not show. Go is skipped where it is missing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, execute } from './shared/script.ts';

const driver = join(import.meta.dirname, 'race-settings/drive-node.ts');
const idleTimeoutMs = 600;
const rttMs = 20;
/** Of a shared machine under load, on each side; it is what the margin is for. */
const lagMs = 75;
const seconds = 12;
const gapsMs = [350, 640];
const strategies = ['evict', 'short-lived', 'evict+retry'];

// Beside the packages, so that the texts find undici.
const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.race-settings-'));
const children: ReturnType<typeof spawn>[] = [];
let wrong = 0;
try {
  const target = await start('target', '--port', '0', '--idle-timeout', `${idleTimeoutMs}ms`);
  const to = new URL(target).host;
  const url = `http://${await start('wire', '--to', to, '--port', '0', '--rtt', `${rttMs}ms`)}/`;
  const spans = [`${seconds}`, ...gapsMs.map(String)];
  for (const client of ['node-http', 'undici']) {
    const drive = (module: string) => run(process.execPath, [driver, module, client, url, ...spans]);
    tell(`${client} by itself`, await drive('none'), true);
    for (const strategy of client === 'node-http' ? strategies.slice(0, 2) : strategies) {
      const module = join(folder, `${client}-${strategy}.mjs`);
      writeFileSync(module, settingsText(client, strategy));
      tell(`${client}, ${strategy}`, await drive(module), false);
    }
  }
  if (spawnSync('go', ['version']).status === 0) {
    for (const strategy of ['evict', 'short-lived']) {
      const program = buildGo(strategy);
      if (strategy === 'evict') tell('go by itself', await run(program, [url, ...spans, 'plain']), true);
      tell(`go, ${strategy}`, await run(program, [url, ...spans]), false);
    }
  } else console.log('skipped  go: apt-get install golang-go');
} finally {
  for (const child of children) child.kill('SIGINT');
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong > 0 ? 4 : 0;

function tell(who: string, { sent, lost }: { sent: number; lost: number }, mustLose: boolean): void {
  const holds = mustLose ? lost > 0 : lost === 0 && sent > 0;
  if (!holds) wrong++;
  console.log(`${holds ? 'holds' : 'FAILS'}  ${who}: lost ${lost} of ${sent}`);
}

/** Resolves with the address that it prints first. */
async function start(...command: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [text] = await once(child.stdout, 'data');
  return `${text}`.trim();
}

function settingsText(client: string, strategy: string): string {
  const options = ['--idle-timeout', `${idleTimeoutMs}ms`, '--rtt', `${rttMs}ms`, '--lag', `${lagMs}ms`];
  const command = [cli, 'settings', strategy, '--for', client, ...options, '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [{ text }] = JSON.parse(stdout).settings;
  return text;
}

function buildGo(strategy: string): string {
  const module = mkdtempSync(join(tmpdir(), 'idlerace-race-settings-'));
  mkdirSync(join(module, 'httpclient'));
  writeFileSync(join(module, 'go.mod'), 'module race\n\ngo 1.19\n');
  writeFileSync(join(module, 'httpclient/httpclient.go'), settingsText('go', strategy));
  copyFileSync(join(import.meta.dirname, 'race-settings/drive-go.go.txt'), join(module, 'main.go'));
  const program = join(folder, `go-${strategy}`);
  const { status, stderr } = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: module,
    encoding: 'utf8',
  });
  rmSync(module, { recursive: true, force: true });
  if (status !== 0) throw new Error(stderr);
  return program;
}

async function run(program: string, options: readonly string[]): Promise<{ sent: number; lost: number }> {
  const { stdout } = await execute(program, options);
  return JSON.parse(stdout);
}
