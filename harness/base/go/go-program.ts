/**
 * Builds the programs in Go with the installed Go when they are first needed, once for each content of their
 * sources and each version of Go, and stores them in the user's cache folder.
 *
 * What net/http does depends on the version of Go, so a new Go means a new program.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HarnessError, reasonOf } from '../errors.ts';
import { packageFolder } from '../version.ts';

const run = promisify(execFile);
const install = 'apt-get install golang-go';

const built = new Map<string, Promise<string>>();

/**
 * @param folder That of the main package, below `harness/`: `target/go`.
 * @returns The program's path.
 * @throws HarnessError `program-missing` without Go, or with what the compiler says.
 */
export function goProgram(folder: string): Promise<string> {
  const sources = join(packageFolder() ?? '.', 'harness');
  const known = built.get(folder) ?? buildGoProgram(sources, folder, cacheFolder());
  built.set(folder, known);
  return known;
}

/** The same, wherever the sources are and the program goes; looks into `cache` each time. */
export async function buildGoProgram(sources: string, folder: string, cache: string): Promise<string> {
  const version = await goVersion();
  const program = join(cache, `${folder.replaceAll('/', '-')}-${contentHash(sources, folder, version)}`);
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  // Beside its place and then renamed: several may build at once, and each finds the whole or nothing.
  const beside = join(mkdtempSync(join(cache, 'building-')), 'program');
  try {
    await run('go', ['build', '-trimpath', '-buildvcs=false', '-o', beside, `./${folder}`], {
      cwd: sources,
      env: { ...process.env, ...buildEnvironment },
    });
    renameSync(beside, program);
  } catch (error) {
    throw new HarnessError(
      'program-missing',
      `Cannot build "harness/${folder}" with ${version}: ${wordsOf(error)}.`,
      { hint: 'go version: expected 1.19 or newer', cause: error },
    );
  } finally {
    rmSync(dirname(beside), { recursive: true, force: true });
  }
  return program;
}

/** Nothing from the network, nothing from around the sources. */
const buildEnvironment = {
  CGO_ENABLED: '0',
  GO111MODULE: 'on',
  GOFLAGS: '',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
};

async function goVersion(): Promise<string> {
  try {
    const { stdout } = await run('go', ['version']);
    return stdout.trim();
  } catch (error) {
    throw new HarnessError('program-missing', `Go is needed and cannot be run: ${wordsOf(error)}.`, {
      hint: install,
      cause: error,
    });
  }
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: chosen } = process.env;
  return join(chosen === undefined || chosen === '' ? join(homedir(), '.cache') : chosen, 'idlerace');
}

/** Of everything that the program is made of. */
function contentHash(sources: string, folder: string, version: string): string {
  const hash = createHash('sha256').update(version);
  const files = ['base/go', folder].flatMap((part) =>
    readdirSync(join(sources, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.go'))
      .map((name) => join(part, name)),
  );
  for (const name of ['go.mod', ...files.sort()]) {
    hash.update(`\0${name}\0`).update(readFileSync(join(sources, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** What the program itself said, where it said anything. */
function wordsOf(error: unknown): string {
  const said =
    typeof error === 'object' && error !== null && 'stderr' in error ? `${error.stderr}`.trim() : '';
  return said === '' ? reasonOf(error) : said;
}
