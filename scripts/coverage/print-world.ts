/** The figures of one world as a table for the terminal. */
import { type ComparedMetric, verdictWords } from '../../harness/contract/summary.ts';
import { type Coverage, figures, type WorldTally } from './tally.ts';

const names: Readonly<Record<ComparedMetric, string>> = {
  errorRate: 'error rate',
  responseTimeP50: 'p50',
  responseTimeP99: 'p99',
  cpuPer1000Requests: 'CPU',
  connectionsOpened: 'connections',
  throughput: 'throughput',
};

export function nameOf(metric: ComparedMetric): string {
  return names[metric];
}

export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

export function lengthOf(rounds: number | 'auto'): string {
  return rounds === 'auto' ? 'rounds: auto' : `${rounds} rounds`;
}

export function worldTable(tally: WorldTally): string {
  const { rounds, runs } = tally;
  const words = verdictWords.filter((word) =>
    figures.some((metric) => (tally.of(metric).words.get(word) ?? 0) > 0),
  );
  const hasDifferences = figures.some((metric) => tally.of(metric).differences > 0);
  const header = ['', 'table', 'comparison', ...words, 'wrong', ...(hasDifferences ? ['found'] : [])];
  const lines = figures.map((metric) => {
    const of = tally.of(metric);
    const share = (count: number) => percent(count / of.said);
    return [
      names[metric],
      coverageOf(of.table, metric),
      coverageOf(of.comparison, metric),
      ...words.map((word) => share(of.words.get(word) ?? 0)),
      share(of.wrong),
      ...(hasDifferences ? [of.differences === 0 ? '–' : percent(of.found / of.differences)] : []),
    ];
  });
  const used = rounds === 'auto' ? `, ${(tally.roundsUsed / runs).toFixed(1)} rounds on average` : '';
  return [
    `${lengthOf(rounds)}, ${runs} runs${used}: all intervals hold in ${percent(tally.allHold / runs)}, any wrong word in ${percent(tally.anyWrong / runs)}`,
    ...aligned([header, ...lines]),
    '',
  ].join('\n');
}

/** For example `95.1 % ±0.4 pt`. */
function coverageOf(coverage: Coverage, metric: ComparedMetric): string {
  if (coverage.intervals === 0) return '–';
  const width = coverage.halfWidth * 100;
  const shown = width < 1_000 ? width.toFixed(1) : '> 1000';
  return `${percent(coverage.share)} ±${shown} ${metric === 'errorRate' ? 'pt' : '%'}`;
}

export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd(),
  );
}
