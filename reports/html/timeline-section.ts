/** Errors, p99 and open connections by second, the healthy rounds of a strategy laid over each other. */
import type { StrategySummary, Window } from '../../harness/contract/summary.ts';
import { isKnown, type Quantity, scaleFor } from '../format.ts';
import { type TimePanel, timeStrips } from './charts/time-strips.ts';
import { html, type Markup } from './markup.ts';
import type { ScenarioView } from './scenario-view.ts';
import { chartInBothWidths, section } from './section.ts';

/** More bins than this cannot be told apart on the page. */
const binsMax = 120;

export function timelineSection({ strategies, rows, headingLevel }: ScenarioView): Markup {
  const windows = strategies.map(healthyWindows);
  const seconds = Math.max(0, ...windows.flat().map(({ second }) => second + 1));
  const howToRead =
    'Seconds of the measured time from left to right, every strip of a column on one scale from zero, its peak at the right. A strip that climbs means that the run was too short to settle.';
  if (seconds === 0)
    return section(headingLevel, 'Over time', howToRead, html`<p>No trial left a time line.</p>`);
  const binSeconds = Math.ceil(seconds / binsMax);
  const binCount = Math.ceil(seconds / binSeconds);
  const panel = (
    title: string,
    kind: Quantity,
    figureOf: (windows: readonly Window[]) => number | null,
  ): TimePanel => {
    const values = windows.map((own) =>
      Array.from({ length: binCount }, (_, bin) =>
        figureOf(own.filter(({ second }) => Math.floor(second / binSeconds) === bin)),
      ),
    );
    return { title, scale: scaleFor(kind, [Math.max(0, ...values.flat().filter(isKnown))]), values };
  };
  const panels = [
    panel('Failed requests', 'share', failedShare),
    panel('Response time p99', 'durationMs', (own) => middle(own.map((window) => window.responseTimeMsP99))),
    panel('Open connections', 'count', (own) => rounded(mean(own.map((window) => window.connectionsOpen)))),
  ];
  const label = `Failed requests, response time p99 and open connections over ${seconds} seconds, for ${strategies.map(({ label }) => label).join(', ')}. The figures are in windows.csv.`;
  return section(
    headingLevel,
    'Over time',
    howToRead,
    chartInBothWidths((layout) => timeStrips({ label, rows, panels, binSeconds, layout })),
  );
}

function healthyWindows({ windows, trials }: StrategySummary): Window[] {
  const healthy = new Set(trials.filter(({ health }) => health.ok).map(({ round }) => round));
  return windows.filter(({ round }) => healthy.has(round));
}

function failedShare(windows: readonly Window[]): number | null {
  const requests = windows.reduce((sum, window) => sum + window.requests, 0);
  return requests === 0 ? null : windows.reduce((sum, window) => sum + window.failed, 0) / requests;
}

function middle(values: readonly (number | null)[]): number | null {
  const sorted = values.filter(isKnown).sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)];
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
