/** The comparison for a pull request: headline, table, verdicts, warnings, provenance folded away. */
import type { ReportFormat } from '../harness/contract/report.ts';
import type { ScenarioSummary, Summary } from '../harness/contract/summary.ts';
import { comparisonTable } from './comparison-table.ts';
import { escapeMarkdown } from './escape.ts';
import { runFindings, scenarioFindings } from './findings.ts';
import { hopSentences } from './hop-text.ts';
import { inferenceText } from './inference-text.ts';
import { provenanceFacts } from './provenance-facts.ts';
import { zeroNote } from './rate-text.ts';
import { scenarioTitle } from './scenario-title.ts';
import { stopSentence } from './stop-sentence.ts';
import { verdictSentences } from './verdict-sentences.ts';
import { warningTexts } from './warnings.ts';

export const markdown: ReportFormat = {
  id: 'markdown',
  summary: 'report.md, to paste into a pull request',
  render: ({ summary }) => [{ fileName: 'report.md', text: renderMarkdown(summary) }],
};

function renderMarkdown(summary: Summary): string {
  const [finding, ...more] = runFindings(summary);
  const blocks = [
    `## ${escapeMarkdown(summary.run.name)}`,
    [`**${prose(finding)}**`, ...more.map(prose)].join(' '),
    ...summary.scenarios.flatMap((scenario) => scenarioBlocks(scenario, summary)),
    prose(stopSentence(summary)),
    prose(inferenceText(summary.scenarios) ?? ''),
    ...warningBlocks(summary),
    provenanceBlock(summary),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function scenarioBlocks(scenario: ScenarioSummary, { scenarios, run }: Summary): string[] {
  const { reference } = run.config;
  const isSweep = scenarios.length > 1;
  const finding = scenarioFindings(scenario, reference).slice(0, 2).join(' ');
  return [
    isSweep ? `### ${escapeMarkdown(scenarioTitle(scenario))}` : '',
    isSweep ? prose(finding) : '',
    table(scenario, reference),
    prose(zeroNote(scenario.strategies) ?? ''),
    list(verdictSentences(scenario, reference)),
    list(hopSentences(scenario, reference)),
  ];
}

/** Escaped, but for ordinary names in backticks, which become code. */
function prose(text: string): string {
  return escapeMarkdown(text).replace(/\\`([\w.+-]+)\\`/g, '`$1`');
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n');
}

function table(scenario: ScenarioSummary, reference: string): string {
  const { strategies, columns } = comparisonTable(scenario, reference);
  const heading = columns.map(({ heading, unit }) =>
    unit === '' || unit.startsWith('/') ? `${heading}${unit}` : `${heading}, ${unit}`,
  );
  const rows = strategies.map(({ label }, row) => [
    escapeMarkdown(label),
    ...columns.map(({ cells }) => escapeMarkdown(cells[row].full)),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['strategy', ...heading]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map(line),
  ].join('\n');
}

function warningBlocks({ warnings }: Summary): string[] {
  if (warnings.length === 0) return [];
  const texts = warningTexts(warnings).map(({ title, seen, cause, remedy }) =>
    [
      `- **${escapeMarkdown(title)}.** ${escapeMarkdown(cause)} ${escapeMarkdown(remedy)}`,
      ...seen.map((one) => `  - ${escapeMarkdown(one)}`),
    ].join('\n'),
  );
  return ['### Warnings', texts.join('\n')];
}

function provenanceBlock(summary: Summary): string {
  const facts = provenanceFacts(summary).map(
    ({ name, value }) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`,
  );
  const plans = summary.scenarios.map(
    ({ id, planFingerprints }) =>
      `| load plans of ${escapeMarkdown(id)} | ${planFingerprints.map(escapeMarkdown).join(', ')} |`,
  );
  return [
    '<details><summary>Provenance</summary>',
    '',
    '| | |',
    '|---|---|',
    ...facts,
    ...plans,
    '',
    '</details>',
  ].join('\n');
}
