/** The top of the page: the finding as sentences, what was run, and the warnings. */
import { formatDuration } from '../../harness/base/units.ts';
import type { Summary } from '../../harness/contract/summary.ts';
import { runFindings } from '../findings.ts';
import { stopSentence } from '../stop-sentence.ts';
import { warningTexts } from '../warnings.ts';
import { html, type Markup, nothing, prose } from './markup.ts';

export function headline(summary: Summary): Markup {
  const { run, scenarios } = summary;
  const [finding, ...others] = runFindings(summary);
  const more = [...others, stopSentence(summary)].filter((sentence) => sentence !== '');
  const { strategies, rounds, until, durationMs } = run.config;
  const sizes = [
    counted(scenarios.length, 'scenario', 'scenarios'),
    counted(strategies.length, 'strategy', 'strategies'),
    `${until === null ? '' : `${roundsDone(scenarios)} of at most `}${counted(rounds, 'round', 'rounds')}`,
    `${formatDuration(durationMs)} measured in each trial`,
    `seed ${run.seed}`,
    run.startedAt.slice(0, 16).replace('T', ' '),
  ];
  return html`<header>
<p class="eyebrow">idlerace · ${run.name}</p>
<h1>${prose(finding)}</h1>
${more.map((sentence) => html`<p class="lede">${prose(sentence)}</p>`)}
<p class="sizes">${sizes.join(' · ')}</p>
</header>
${warnings(summary)}`;
}

function roundsDone(scenarios: Summary['scenarios']): number {
  return Math.max(0, ...scenarios.map(({ planFingerprints }) => planFingerprints.length));
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function warnings({ warnings: all }: Summary): Markup {
  if (all.length === 0) return nothing;
  const items = warningTexts(all).map(
    ({ title, seen, cause, remedy }) => html`<li><h3>${title}</h3>
<ul class="seen">${seen.map((one) => html`<li>${prose(one)}</li>`)}</ul>
<p><b>Likely cause.</b> ${prose(cause)}</p><p><b>Remedy.</b> ${prose(remedy)}</p></li>`,
  );
  return html`<aside aria-labelledby="warnings"><h2 id="warnings">Before you rely on it</h2><ul class="warnings">${items}</ul></aside>\n`;
}
