/** Holds what no linter can: headers, lengths, names, and where the outside world may enter. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const rooms = ['harness', 'strategies', 'results', 'reports', 'scripts', 'test', 'examples'];

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const sources = files.filter((file) => !file.endsWith('.test.ts'));
const short = (file: string) => relative(root, file);
const read = (file: string) => readFileSync(file, 'utf8');

test('there is something to check', () => {
  expect(sources.length).toBeGreaterThan(50);
});

test('every source file opens with a header that says what it is', () => {
  const without = sources.filter((file) => !/^(#!.*\n)?\/\*\*/.test(read(file)));
  expect(without.map(short)).toEqual([]);
});

test('no source file is longer than 300 lines', () => {
  const long = sources.filter((file) => read(file).split('\n').length > 301);
  expect(long.map(short)).toEqual([]);
});

test('file names are in kebab case', () => {
  const odd = files.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.config)?\.ts$/.test(basename(file)));
  expect(odd.map(short)).toEqual([]);
});

test('fixtures are in test/fixtures, not among the sources', () => {
  const product = files.filter((file) => !short(file).startsWith('test/'));
  expect(product.filter((file) => /fixture|\bfake|\bmock|^test-/.test(basename(file))).map(short)).toEqual(
    [],
  );
  const users = product.filter((file) => sources.includes(file) && read(file).includes('test/fixtures/'));
  // It simulates runs for the coverage of the intervals.
  expect(users.map(short)).toEqual(['scripts/coverage/draw-run.ts']);
});

test('nothing is left to do later in a comment', () => {
  const marks = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X'].join(''));
  expect(files.filter((file) => marks.test(read(file))).map(short)).toEqual([]);
});

/** Call → the files, or folders, that may use it, and what the others use instead. */
const banned: readonly { call: RegExp; allowed: readonly string[]; instead: string }[] = [
  {
    call: /\bDate\.now\(/,
    allowed: ['harness/engine/resources/machine-reading.ts'],
    instead: 'nowNs() of base/time/clock.ts, or Host.now()',
  },
  { call: /\bMath\.random\(/, allowed: [], instead: 'prng() of base/prng.ts' },
  { call: /\bconsole\.\w+\(/, allowed: ['scripts/'], instead: 'Host.stdout and Host.stderr' },
  {
    call: /\bprocess\.(exit|argv|env|stdout|stderr)\b/,
    allowed: [
      'harness/cli.ts',
      'harness/base/host.ts',
      'harness/base/go/go-program.ts',
      'harness/base/processes/answer-parent.ts',
      // PATH is where programs are.
      'harness/base/processes/find-program.ts',
      'scripts/',
      'test/',
    ],
    instead: 'Host of base/host.ts',
  },
  {
    // Clients put their pid into idempotency keys, so that no other process sends the same key.
    call: /\bprocess\.(pid|kill|platform|on|once|off|cwd)\b/,
    allowed: [
      'harness/base/host.ts',
      'harness/base/processes/',
      'harness/client/agent-fleet.ts',
      'harness/client/lean.ts',
      'harness/client/undici-fleet.ts',
      'harness/commands/environment.ts',
      'harness/engine/machine.ts',
      'harness/engine/resources/',
      'harness/engine/run-trial.ts',
      'harness/selftest/check-stops.ts',
      'harness/target/command.ts',
      'harness/target/embedded-process.ts',
      'harness/target/url.ts',
      'scripts/',
      'test/',
    ],
    instead: 'Host of base/host.ts, or what base/processes offers',
  },
  {
    call: /(?<![.\w])set(Timeout|Interval|Immediate)\(|node:timers\/promises/,
    allowed: [
      'harness/base/processes/',
      'harness/base/time/',
      'harness/client/',
      'harness/commands/selftest.ts',
      'harness/engine/',
      'harness/evidence/probe/',
      'harness/network/',
      'harness/selftest/check-stops.ts',
      // In the texts that they write.
      'harness/settings/',
      'harness/ui/',
      'scripts/',
      'test/',
    ],
    instead: 'a timer that is passed in, as PreciseTimer of base/time is',
  },
];

test.each(banned)('$call is only where the list allows it; use $instead', ({ call, allowed }) => {
  const users = sources.filter((file) => call.test(read(file))).map(short);
  expect(users.filter((file) => !allowed.some((place) => file.startsWith(place)))).toEqual([]);
  // Nothing is listed that does not need it.
  expect(allowed.filter((place) => !users.some((file) => file.startsWith(place)))).toEqual([]);
});
