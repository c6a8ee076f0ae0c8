/**
 * Adds a part from a template: `npm run new -- KIND NAME`. A template in `scripts/new/` lists the files to write and
 * the lines to insert into tables. The insertions find their places by text; when one is missing, nothing is written.
 * Biome and gofmt format what was written.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { knobRows } from '../harness/contract/knobs.ts';
import { readArguments, refuse } from './shared/script.ts';

const root = join(import.meta.dirname, '..');
const kinds = readdirSync(join(root, 'scripts/new')).map((file) => file.replace('.txt', ''));
const [kind, name = '', ...more] = readArguments({}).positionals;

if (kind === undefined) {
  console.log('npm run new -- KIND NAME adds a part from a template. Kinds:\n');
  for (const one of kinds) console.log(`  ${one.padEnd(10)}${sectionsOf(one)[0].body.trim()}`);
  process.exit();
}
if (!kinds.includes(kind)) refuse(`There is no kind "${kind}". Expected one of ${kinds.join(', ')}.`);
if (more.length > 0 || !/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name)) {
  refuse(`Cannot use the name "${[name, ...more].join(' ')}". Expected kebab case, for example stale-check.`);
}

/** Path → its new text, until everything is known to fit. */
const texts = new Map<string, string>();
const folders: (readonly [from: string, to: string])[] = [];
let next = '';
for (const section of sectionsOf(kind).slice(1)) apply(section);

for (const [from, to] of folders) cpSync(join(root, from), join(root, to), { recursive: true });
for (const [path, text] of texts) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const written = [...texts.keys()];
run('biome', ['check', '--write', ...written.filter((path) => path.endsWith('.ts'))]);
run('gofmt', ['-w', ...written.filter((path) => path.endsWith('.go'))]);
console.log(
  `Changed:\n${[...written, ...folders.map(([, to]) => `${to}/`)].map((path) => `  ${path}`).join('\n')}`,
);
console.log(`Next:\n${next.trim().replaceAll(/^/gm, '  ')}`);

interface Section {
  readonly verb: string;
  readonly path: string;
  readonly anchors: readonly string[];
  readonly body: string;
}

/** The first has the sentence of the list. Each later one opens with `=== VERB PATH | ANCHOR | ANCHOR`. */
function sectionsOf(template: string): Section[] {
  const camel = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const text = readFileSync(join(root, `scripts/new/${template}.txt`), 'utf8')
    .replaceAll('__name__', name)
    .replaceAll('__ident__', camel)
    .replaceAll('__Type__', `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`)
    .replaceAll(/^@not (\S+) except (.*)$/gm, (_, part: string, carried: string) =>
      [...knobRows.keys()]
        .filter((knob) => (part === 'all' || !knob.startsWith('server.')) && !carried.includes(knob))
        .map((knob) => `'${knob}': not('${name} has no setting for it'),`)
        .join('\n'),
    );
  return text.split(/^=== /m).map((part, index) => {
    const [head, ...lines] = index === 0 ? ['', part] : part.split('\n');
    const [first, ...anchors] = head.split(' | ').map((one) => one.replaceAll('\\n', '\n'));
    const [verb, path = ''] = first.split(' ');
    return { verb, path, anchors, body: lines.join('\n') };
  });
}

function apply({ verb, path, anchors: [anchor = '', end = ''], body }: Section): void {
  if (verb === 'next') next = body;
  else if (verb === 'file') create(path, body);
  else if (verb === 'folder') folders.push([path, free(anchor)]);
  else if (verb === 'copy') create(anchor, body.trim().split('\n').reduce(replace, textOf(path)));
  else if (verb === 'import') insert(path, textOf(path).search(/^import /m), body);
  else if (verb === 'before') insert(path, placeOf(path, anchor), body);
  else if (verb === 'in') insert(path, placeOf(path, anchor, end), `\n${body.trimEnd()}`);
  else if (verb === 'inline') insert(path, placeOf(path, anchor, end), body.trimEnd());
  else if (verb === 'list') {
    const before = textOf(path)
      .slice(0, placeOf(path, anchor, end))
      .trimEnd();
    const comma = /[[{(,]$/.test(before.replace(/\/\/.*$/, '').trimEnd()) ? '' : ',';
    insert(path, before.length, `${comma}\n${body.trimEnd()}`);
  } else throw new Error(`The template has an unknown verb "${verb}".`);
}

/** @returns Where `end` first follows `anchor`, which must occur once; without `end`, where `anchor` begins. */
function placeOf(path: string, anchor: string, end?: string): number {
  const text = textOf(path);
  const from = text.indexOf(anchor);
  const at = end === undefined ? from : text.indexOf(end, from + anchor.length);
  if (from < 0 || at < 0 || text.indexOf(anchor, from + 1) >= 0) {
    refuse(`${path} does not have the expected text "${anchor} … ${end ?? ''}" once. Nothing was written.`);
  }
  if (text.slice(from, at).includes(`'${name}'`))
    refuse(`${path} already has '${name}'. Nothing was written.`);
  return at;
}

function replace(text: string, line: string): string {
  const [from, to] = line.split(' => ');
  if (!text.includes(from)) refuse(`The file to copy does not contain "${from}". Nothing was written.`);
  return text.replaceAll(from, to);
}

function insert(path: string, at: number, added: string): void {
  if (at < 0) refuse(`${path} has no imports. Nothing was written.`);
  const text = textOf(path);
  texts.set(path, text.slice(0, at) + added + text.slice(at));
}

function create(path: string, text: string): void {
  texts.set(free(path), text);
}

function free(path: string): string {
  if (existsSync(join(root, path))) refuse(`${path} already exists. Nothing was written.`);
  return path;
}

function textOf(path: string): string {
  const text = texts.get(path);
  if (text !== undefined) return text;
  if (!statSync(join(root, path), { throwIfNoEntry: false }))
    refuse(`${path} does not exist. Nothing was written.`);
  return readFileSync(join(root, path), 'utf8');
}

/** A formatter that is not installed changes nothing. */
function run(program: string, words: readonly string[]): void {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  if (words.some((word) => word.includes('.'))) {
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: root,
      env: { ...process.env, PATH: path },
    });
    if (status !== 0 && status !== null) console.error(`${stdout}${stderr}`);
  }
}
