/** What a row of `summary.csv` is made from. */
import type { ScenarioSummary, StrategySummary, Summary } from '../../harness/contract/summary.ts';

export interface SummaryRow {
  readonly summary: Summary;
  readonly scenario: ScenarioSummary;
  readonly strategy: StrategySummary;
}
