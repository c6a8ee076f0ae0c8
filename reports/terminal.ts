/**
 * What a finished run prints: the finding, the comparison, verdicts as sentences, warnings with
 * cause and remedy. Every line fits the width that it is told; it writes nothing itself.
 */

import { styleText } from 'node:util';
import { wrapText } from '../harness/base/wrap-text.ts';
import type { ScenarioSummary, Summary } from '../harness/contract/summary.ts';
import { comparisonTable } from './comparison-table.ts';
import { escapeTerminal } from './escape.ts';
import { runFindings, scenarioFindings } from './findings.ts';
import { hopSentences, viaText } from './hop-text.ts';
import { inferenceText } from './inference-text.ts';
import { floorText } from './provenance-facts.ts';
import { zeroNote } from './rate-text.ts';
import { scenarioTitle } from './scenario-title.ts';
import { stopSentence } from './stop-sentence.ts';
import { terminalTable } from './terminal-table.ts';
import { verdictSentences } from './verdict-sentences.ts';
import { warningTexts } from './warnings.ts';

/** Above this many scenarios the verdict sentences are left to the other reports. */
const scenariosWithVerdictsMax = 4;
const columnsMin = 30;

/**
 * @param options.columns Width of the terminal in characters; below 30 it is taken as 30.
 * @param options.color Whether ANSI styles may be used; the caller looks at `NO_COLOR` and at the stream.
 * @returns Lines, each ended by a line feed.
 */
export function renderTerminal(summary: Summary, options: { columns: number; color: boolean }): string {
  const columns = Math.max(columnsMin, options.columns);
  const styled = (style: 'bold' | 'dim' | 'yellow', lines: readonly string[]) =>
    options.color ? lines.map((line) => styleText(style, line, { validateStream: false })) : lines;
  const prose = (text: string, first = '', rest = first) =>
    wrapText(escapeTerminal(text), columns, first, rest);
  const { scenarios, run, warnings } = summary;
  const lines = [
    ...styled(
      'bold',
      runFindings(summary).flatMap((sentence) => prose(sentence)),
    ),
  ];
  for (const scenario of scenarios) {
    lines.push('');
    if (scenarios.length > 1) lines.push(...styled('bold', prose(scenarioTitle(scenario))));
    const { heading, rows } = terminalTable(comparisonTable(scenario, run.config.reference), columns);
    lines.push(...styled('dim', heading), ...rows);
    const zeros = zeroNote(scenario.strategies);
    if (zeros !== null) lines.push('', ...prose(zeros));
    const sentences = scenarios.length <= scenariosWithVerdictsMax ? verdicts(scenario, summary) : [];
    if (sentences.length > 0) lines.push('', ...sentences.flatMap((sentence) => prose(sentence, '', '  ')));
  }
  if (scenarios.length > scenariosWithVerdictsMax) {
    lines.push('', ...prose('The verdicts of each scenario are in report.html and report.md.'));
  }
  const together = inferenceText(scenarios);
  if (together !== null) lines.push('', ...prose(together));
  const ended = stopSentence(summary);
  if (ended !== '') lines.push('', ...styled('bold', prose(ended)));
  if (run.floor.length > 0) {
    lines.push('', ...prose(`Harness overhead, included in every response time: ${floorText(run.floor)}.`));
  }
  for (const { title, seen, cause, remedy } of warningTexts(warnings)) {
    lines.push('', ...styled('yellow', prose(`Warning: ${title}.`)));
    for (const one of seen) lines.push(...prose(one, '  - ', '    '));
    lines.push(...prose(`Likely cause: ${cause}`, '  '), ...prose(`Remedy: ${remedy}`, '  '));
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function verdicts(scenario: ScenarioSummary, { scenarios, run }: Summary): string[] {
  const { reference } = run.config;
  const finding = scenarioFindings(scenario, reference).slice(0, 2).join(' ');
  const via = viaText(scenario.config);
  return [
    ...(scenarios.length > 1 ? [finding] : []),
    ...verdictSentences(scenario, reference),
    ...(via === null ? [] : [`Between client and target: ${via}.`]),
    ...hopSentences(scenario, reference),
  ];
}
