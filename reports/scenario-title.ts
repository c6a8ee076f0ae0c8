/** A scenario's name for people: what the sweep changed, as written; its id without a sweep. */
import type { ScenarioSummary } from '../harness/contract/summary.ts';

export function scenarioTitle({ id, axes }: Pick<ScenarioSummary, 'id' | 'axes'>): string {
  const parts = Object.entries(axes).map(([field, value]) => `${field} ${value}`);
  return parts.length === 0 ? id : parts.join(' · ');
}
