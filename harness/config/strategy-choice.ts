/**
 * What a matrix says of strategies → `StrategyChoice`: combinations taken apart, paths made
 * absolute, labels filled in. Only the way of writing is known here, not which strategies exist.
 */
import { resolve } from 'node:path';
import type { StrategyChoice } from '../contract/strategy.ts';
import type { Matrix } from './matrix-schema.ts';
import type { Problem } from './source.ts';

/** @param folder Folder that strategy files are relative to. */
export function strategyChoice(entry: Matrix['strategies'][number], folder: string): StrategyChoice {
  const { use, label, options } =
    typeof entry === 'string' ? { use: entry, label: undefined, options: {} } : entry;
  const parts = splitCombination(use);
  return {
    label: label ?? parts.map(shortName).join('+'),
    parts: parts.map((part) => ({ use: isPath(part) ? resolve(folder, part) : part, options })),
  };
}

/** What no single entry, or no single field of it, can tell. */
export function strategyProblems(
  { strategies, reference }: Matrix,
  choices: readonly StrategyChoice[],
): Problem[] {
  const labels = choices.map(({ label }) => label);
  const problems = choices.flatMap((choice, index) => choiceProblems(choice, index, labels));
  strategies.forEach((entry, index) => {
    const given = typeof entry === 'string' ? 0 : Object.keys(entry.options).length;
    if (given === 0 || choices[index].parts.length === 1) return;
    // They would go to all its parts: nobody means that.
    const says = 'options of a combination are not clear; write a file of your own that sets the knobs';
    problems.push({ path: ['strategies', index, 'options'], says });
  });
  if (reference !== undefined && !labels.includes(reference)) {
    const says = `it must be one of the strategies, ${labels.join(', ')}; it is "${reference}"`;
    problems.push({ path: ['reference'], says });
  }
  return problems;
}

function choiceProblems(
  { label, parts }: StrategyChoice,
  index: number,
  labels: readonly string[],
): Problem[] {
  const path = ['strategies', index];
  if (parts.some(({ use }) => use === '')) {
    return [
      { path, says: `a name is missing in "${label}"; expected one, for example evict or evict+retry` },
    ];
  }
  if (labels.indexOf(label) === index) return [];
  return [{ path, says: `"${label}" is listed twice; give one of them a different label` }];
}

const sourceFile = /\.(ts|mts|js|mjs)$/;

/** `evict+./c++/mine.ts` → `evict`, `./c++/mine.ts`: a `+` within a path is part of it, up to the file's ending. */
function splitCombination(use: string): string[] {
  const parts: string[] = [];
  for (const piece of use.split('+')) {
    const before = parts.at(-1);
    const within = before !== undefined && startsPath.test(before) && !sourceFile.test(before);
    if (within) parts[parts.length - 1] = `${before}+${piece.trimEnd()}`;
    else parts.push(piece.trim());
  }
  return parts;
}

const startsPath = /^\.{0,2}\//;

function isPath(part: string): boolean {
  return startsPath.test(part) || sourceFile.test(part);
}

/** `./fixes/mine.ts` → `mine`. */
function shortName(part: string): string {
  return isPath(part) ? part.replace(/^.*\//, '').replace(sourceFile, '') : part;
}
