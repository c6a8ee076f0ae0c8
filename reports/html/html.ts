/**
 * `report.html`: one file that needs no network and no script, in light, dark and print, from 360 px
 * up. This file is its table of contents; each section is a file beside it.
 */
import type { ReportFormat } from '../../harness/contract/report.ts';
import type { Summary } from '../../harness/contract/summary.ts';
import { scenarioFindings } from '../findings.ts';
import { scenarioTitle } from '../scenario-title.ts';
import { comparisonSection } from './comparison-section.ts';
import { costSection } from './cost-section.ts';
import { errorSection } from './error-section.ts';
import { flightSection } from './flight-section.ts';
import { headline } from './headline.ts';
import { howToRead } from './how-to-read.ts';
import { latencySection } from './latency-section.ts';
import { html, type Markup, prose } from './markup.ts';
import { overviewSection } from './overview-section.ts';
import { provenanceSection } from './provenance-section.ts';
import { type ScenarioView, scenarioViews } from './scenario-view.ts';
import { styleSheet } from './style-sheet.ts';
import { timelineSection } from './timeline-section.ts';

export const htmlReport: ReportFormat = {
  id: 'html',
  summary: 'report.html, one self-contained page with charts, for a capacity review',
  render: ({ summary }) => [{ fileName: 'report.html', text: renderPage(summary) }],
};

function renderPage(summary: Summary): string {
  const views = scenarioViews(summary);
  const scenarios =
    views.length === 1 ? scenarioSections(views[0]) : html`${overviewIfAny(views)}${views.map(scenarioFold)}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><meta name="color-scheme" content="light dark" />
<title>${summary.run.name} · idlerace</title>
<style>${{ markup: styleSheet }}</style></head>
<body><main>
${headline(summary)}${scenarios}${howToRead(views)}${provenanceSection(summary, views)}</main></body></html>
`.markup;
}

function overviewIfAny(views: readonly ScenarioView[]): Markup {
  return views.length === 0 ? html`` : overviewSection(views);
}

function scenarioSections(view: ScenarioView): Markup {
  return html`${comparisonSection(view)}${errorSection(view)}${flightSection(view)}${latencySection(view)}${costSection(view)}${timelineSection(view)}`;
}

function scenarioFold(view: ScenarioView, index: number): Markup {
  const finding = scenarioFindings(view.scenario, view.reference).slice(0, 2).join(' ');
  const summary = html`<summary><h2>${scenarioTitle(view.scenario)}</h2><p>${prose(finding)}</p></summary>`;
  const sections = scenarioSections(view);
  const id = view.anchor;
  return index === 0
    ? html`<details class="scenario" id="${id}" open="">${summary}${sections}</details>\n`
    : html`<details class="scenario" id="${id}">${summary}${sections}</details>\n`;
}
