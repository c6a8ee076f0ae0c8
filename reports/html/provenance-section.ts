/** Method and provenance: machine, plans, trials with their health, and every value of the configuration. */

import { settingText } from '../../harness/base/setting-text.ts';
import { policyDifference } from '../../harness/contract/policy.ts';
import type { Summary } from '../../harness/contract/summary.ts';
import { figure, plain, scaleFor } from '../format.ts';
import { provenanceFacts } from '../provenance-facts.ts';
import { scenarioTitle } from '../scenario-title.ts';
import { flatSettings } from './flat-settings.ts';
import { html, type Markup, nothing } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';

export function provenanceSection(summary: Summary, views: readonly ScenarioView[]): Markup {
  const facts = provenanceFacts(summary).map(
    ({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  );
  return html`<section><h2>Method and provenance</h2>
<dl class="facts">${facts}</dl>
${fold('What each strategy sets', policies(views))}
${fold('Load plans and the race window', plans(views))}
${fold('Trials, in the order in which they ran', trials(views))}
${fold('Configuration, complete', configuration(summary))}
</section>\n`;
}

function fold(title: string, content: Markup): Markup {
  return html`<details class="fold"><summary>${title}</summary>${content}</details>`;
}

function table(headings: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="scroll" role="region" aria-label="${headings.join(', ')}" tabindex="0"><table class="plain"><thead><tr>${headings.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function policies(views: readonly ScenarioView[]): Markup {
  const rows = views.flatMap((view) => {
    const reference = view.strategies[0]?.policy;
    return view.strategies.map(({ policy }, row) => {
      const changes = policyDifference(policy, reference).map(
        ({ knob, value, referenceValue }) =>
          html`<li><code>${knob} = ${settingText(value)}</code> <small>(reference: ${settingText(referenceValue)})</small></li>`,
      );
      const list = changes.length === 0 ? html`the reference’s policy` : html`<ul>${changes}</ul>`;
      return html`<tr><td>${strategyName(view.rows[row])}</td><td>${scenarioTitle(view.scenario)}</td><td>${list}</td></tr>`;
    });
  });
  return table(['strategy', 'scenario', 'sets'], rows);
}

function plans(views: readonly ScenarioView[]): Markup {
  const figuresOf = ({ scenario }: ScenarioView) => {
    const { rttMs, serverLagMs, clientLagMs, timerLatenessMs, widthMs } = scenario.prediction.window;
    return [rttMs, serverLagMs, clientLagMs, timerLatenessMs, widthMs];
  };
  const scale = scaleFor('durationMs', views.flatMap(figuresOf));
  const rows = views.map((view) => {
    const cells = figuresOf(view).map((ms) => html`<td class="number">${figure(ms, scale)}</td>`);
    const { scenario } = view;
    return html`<tr><td>${scenarioTitle(scenario)}</td><td><code>${scenario.planFingerprints.join(', ')}</code></td>${cells}</tr>`;
  });
  const headings = [
    'scenario',
    'plan fingerprint of each round',
    `round trip R, ${scale.unit}`,
    `server lag λs, ${scale.unit}`,
    `client lag λc, ${scale.unit}`,
    `timer lateness δs, ${scale.unit}`,
    `window R + λs + λc, ${scale.unit}`,
  ];
  return table(headings, rows);
}

function trials(views: readonly ScenarioView[]): Markup {
  const late = scaleFor('durationMs', [10]);
  const rows = views.flatMap((view) =>
    view.strategies
      .flatMap(({ trials }, row) => trials.map((trial) => ({ trial, row: view.rows[row] })))
      .sort((a, b) => a.trial.round - b.trial.round || a.trial.order - b.trial.order)
      .map(({ trial, row }) => {
        const broken = trial.laws
          .filter(({ left, right }) => left !== right)
          .map(({ law }) => `broken: ${law}`);
        const health = trial.health.ok ? 'good' : `left out: ${trial.health.reasons.join('; ')}`;
        return html`<tr${trial.health.ok ? nothing : html` class="left-out"`}><td>${scenarioTitle(view.scenario)}</td><td class="number">${trial.round}</td><td class="number">${trial.order}</td><td>${strategyName(row)}</td><td class="number"><code>${trial.planFingerprint}</code></td><td class="number">${plain('count', trial.requests.started)}</td><td class="number">${plain('count', trial.requests.failed)}</td><td class="number">${figure(trial.latenessMsP99, late)}</td><td>${health}</td><td>${broken.length === 0 ? `all ${trial.laws.length} hold` : broken.join('; ')}</td></tr>`;
      }),
  );
  const headings = [
    'scenario',
    'round',
    'order',
    'strategy',
    'load plan',
    'started',
    'failed',
    'lateness p99, ms',
    'health',
    'conservation laws',
  ];
  return table(headings, rows);
}

/** Values that all scenarios share stand once; the others per scenario. */
function configuration({ run }: Summary): Markup {
  const { scenarios, strategies, ...general } = run.config;
  const flat = scenarios.map(flatSettings);
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  const isShared = (name: string) => flat.every((one) => one.get(name) === flat[0].get(name));
  const line = (name: string, value: string) => html`<tr><td><code>${name}</code></td><td>${value}</td></tr>`;
  const rows = [
    ...[...flatSettings(general)].map(([name, value]) => line(name, value)),
    ...strategies.map(({ label, parts }) =>
      line(
        `strategy ${label}`,
        parts
          .map(
            ({ use, options }) =>
              `${use}: ${settingText(options) === 'none' ? 'defaults' : settingText(options)}`,
          )
          .join(' + '),
      ),
    ),
    ...names.filter(isShared).map((name) => line(`scenario.${name}`, flat[0].get(name) ?? 'none')),
    ...scenarios.flatMap(({ id }, index) =>
      names
        .filter((name) => !isShared(name))
        .map((name) => line(`${id}: ${name}`, flat[index].get(name) ?? 'none')),
    ),
  ];
  return table(['setting', 'value'], rows);
}
