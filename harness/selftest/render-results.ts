/** The self-test's results for a terminal: a line per check, what did not hold, and what to do about it. Pure. */
import { escapeTerminal } from '../../reports/escape.ts';
import { wrapText } from '../base/wrap-text.ts';
import type { Check, CheckResult, CheckStatus } from './check.ts';

export interface TerminalStyle {
  /** Below 40 taken as 40. */
  readonly columns: number;
  readonly color: boolean;
}

const columnsMin = 40;
const words: Readonly<Record<CheckStatus, { word: string; color: string }>> = {
  held: { word: 'held', color: '\u001b[32m' },
  failed: { word: 'FAILED', color: '\u001b[1;31m' },
  refused: { word: 'refused', color: '\u001b[33m' },
};
const off = '\u001b[0m';
const wordWidth = Math.max(...Object.values(words).map(({ word }) => word.length));
const indent = ' '.repeat(wordWidth + 2);
/** A check with many wrong findings has one cause; the first few show it, `--json` has all. */
const findingsShownMax = 8;

/** @returns Lines, each ended by a line feed. */
export function renderResult(
  { id, title }: Pick<Check, 'id' | 'title'>,
  { status, summary, findings, healthReasons }: CheckResult,
  style: TerminalStyle,
): string {
  const { word, color } = words[status];
  const padded = word.padEnd(wordWidth);
  const marked = style.color ? `${color}${padded}${off}` : padded;
  const [head, ...rest] = prose(`${id}: ${title}`, style, indent);
  const lines = [`${marked}${head.slice(wordWidth)}`, ...rest, ...prose(summary, style, indent)];
  const wrong = findings.filter(({ held }) => !held);
  for (const { what, expected, measured } of wrong.slice(0, findingsShownMax)) {
    const sentence = `${what}: expected ${expected}, measured ${measured}`;
    lines.push(...prose(sentence, style, `${indent}- `, `${indent}  `));
  }
  if (wrong.length > findingsShownMax) {
    const more = `and ${wrong.length - findingsShownMax} more; all of them: idlerace selftest --only ${id} --json`;
    lines.push(...prose(more, style, `${indent}- `, `${indent}  `));
  }
  for (const reason of healthReasons) {
    lines.push(...prose(`why refused: ${reason}`, style, `${indent}- `, `${indent}  `));
  }
  return text(lines);
}

/** The last sentence: what it all means, and what to do. @param known How many checks there are. */
export function renderConclusion(
  statuses: readonly CheckStatus[],
  known: number,
  style: TerminalStyle,
): string {
  return text(['', ...prose(conclusion(statuses, known), style, '')]);
}

export function conclusion(statuses: readonly CheckStatus[], known: number): string {
  const number = (status: CheckStatus) => statuses.filter((one) => one === status).length;
  const of = (status: CheckStatus) => `${number(status)} of ${checksWord(statuses.length)}`;
  if (number('failed') > 0) {
    return (
      `${of('failed')} failed: a number was wrong, so do not use results of idlerace from this machine. ` +
      'Please report it with the output of: idlerace selftest --json'
    );
  }
  if (number('refused') > 0) {
    return (
      `${of('refused')} refused: no count was wrong, but the machine was too busy to tell. ` +
      'Close what else is running and try again: idlerace selftest'
    );
  }
  const left = known - statuses.length;
  return left > 0
    ? `${of('held')} held; ${checksWord(left)} did not run: idlerace selftest runs all.`
    : `All ${checksWord(known)} held: numbers from this machine are reliable.`;
}

function checksWord(number: number): string {
  return number === 1 ? '1 check' : `${number} checks`;
}

function prose(sentence: string, { columns }: TerminalStyle, first: string, rest = first): string[] {
  return wrapText(escapeTerminal(sentence), Math.max(columnsMin, columns), first, rest);
}

function text(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
