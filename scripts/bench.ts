/**
 * Runs every benchmark of the project and prints one table of figures for `docs/performance.md`. Exits with 4 when a
 * figure misses its bar. Run it: `npm run bench:all -- [--only NAME] [--seconds N] [--rounds N] [--json FILE]`
 */
import { writeFileSync } from 'node:fs';
import { type BenchOptions, engineFigures } from './bench/engine.ts';
import { type Figure, figureTable, reached } from './bench/figures.ts';
import { summaryFigures } from './bench-summary.ts';
import { readArguments, refuse, wholeNumber } from './shared/script.ts';

const benches: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  engine: engineFigures,
  summary: () => summaryFigures(),
};

const { values } = readArguments({
  only: { type: 'string' },
  seconds: { type: 'string', default: '2' },
  rounds: { type: 'string', default: '3' },
  json: { type: 'string' },
});
const options: BenchOptions = {
  seconds: wholeNumber('--seconds', values.seconds, 60),
  rounds: wholeNumber('--rounds', values.rounds, 50),
  say: (line) => process.stderr.write(`${line}\n`),
};
const names = values.only === undefined ? Object.keys(benches) : [values.only];
const figures: Figure[] = [];
for (const name of names) {
  const bench =
    benches[name] ?? refuse(`Cannot run "${name}": expected one of ${Object.keys(benches).join(', ')}.`);
  figures.push(...(await bench(options)));
}
process.stdout.write(`\n${figureTable(figures)}`);
if (values.json !== undefined) {
  const { seconds, rounds } = options;
  writeFileSync(values.json, `${JSON.stringify({ seconds, rounds, figures }, null, 2)}\n`);
}
const missed = figures.filter((figure) => reached(figure) === false);
if (missed.length > 0) {
  const list = missed.map(({ what }) => what).join('; ');
  options.say(`\nBelow the bar: ${list}.\nTry again on a quiet machine, with more --rounds.`);
  process.exitCode = 4;
}
