/**
 * Writes a new strategy from a template and puts it into the table: one file and one line. Run it:
 * `node scripts/new-strategy.ts my-fix`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, refuse } from './shared/script.ts';

const [id = ''] = readArguments({}).positionals;
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  refuse(`Cannot use the name "${id}": expected kebab case, for example stale-check.`);
}

const folder = join(import.meta.dirname, '../strategies');
const file = join(folder, `${id}.ts`);
if (existsSync(file)) refuse(`strategies/${id}.ts exists already.`);

const name = id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const table = join(folder, 'index.ts');
const text = readFileSync(table, 'utf8');
const withImport = text.replace(/(\n\nexport const)/, `\nimport { ${name} } from './${id}.ts';$1`);
const withEntry = withImport.replace(/([,\n ]*)\];\s*$/, `, ${name}];\n`);
if (withImport === text || withEntry === withImport) {
  refuse('strategies/index.ts no longer has the shape that this script extends. Nothing was written.');
}

writeFileSync(
  file,
  `/**
 * What it does, in a sentence.
 *
 * The mechanism; what it costs; when it fails; who ships it.
 */
import { ms, setting } from '../harness/contract/setting.ts';
import { strategy } from '../harness/contract/strategy.ts';

export const ${name} = strategy({
  id: '${id}',
  title: '${id}',
  summary: 'Does something, and costs something.',
  options: { ageMaxMs: setting(ms(1), 10_000, 'What it means.') },
  policy: ({ ageMaxMs }) => ({ connection: { ageMaxMs } }),
});
`,
);

writeFileSync(table, withEntry);
console.log(`strategies/${id}.ts written and listed in strategies/index.ts. Next:
  npx biome check --write strategies
  npx vitest run strategies
  a section in docs/strategies.md`);
