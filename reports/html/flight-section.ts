/** The flight recorder: deaths of the run, step by step, each witness in a column of its own. */
import type { Flight, FlightEvent, FlightStep } from '../../harness/contract/flight.ts';
import { plain } from '../format.ts';
import { html, type Markup, nothing, prose } from './markup.ts';
import { type ScenarioView, strategyName } from './scenario-view.ts';
import { section } from './section.ts';

const stepWords: Readonly<Record<FlightStep, string>> = {
  'answer-read': 'read the last answer on this connection',
  'request-written': 'wrote the request',
  'request-sent': 'the request’s first segment',
  'request-passed': 'handed the request to the server',
  'fin-passed': 'handed the server’s FIN to the client',
  'rst-passed': 'handed an RST to the client',
  'fin-sent': 'FIN to the client',
  'rst-sent': 'RST to the client',
  'death-noticed': 'learned that the connection is gone',
};

const witnesses = [
  { id: 'client', heading: 'Client’s books' },
  { id: 'wire', heading: 'Wire' },
  { id: 'packets', heading: 'Packets' },
] as const satisfies readonly { id: FlightEvent['witness']; heading: string }[];

/** Nothing at all where nothing died. */
export function flightSection({ strategies, rows, headingLevel }: ScenarioView): Markup {
  const folds = strategies.flatMap(({ flights }, index) =>
    flights.map((flight) => fold(flight, strategyName(rows[index]))),
  );
  if (folds.length === 0) return nothing;
  return section(
    headingLevel,
    'Deaths, step by step',
    'Time counts from the moment that the request was written; each witness keeps its own books. Packets are there after a run with --capture.',
    html`${folds}`,
  );
}

function fold(flight: Flight, name: Markup): Markup {
  const columns = witnesses.filter(({ id }) => flight.events.some(({ witness }) => witness === id));
  const row = ({ witness, step, atMs }: FlightEvent) =>
    html`<tr><td class="number">${atMs.toFixed(3)}</td>${columns.map(({ id }) => html`<td>${id === witness ? stepWords[step] : ''}</td>`)}</tr>`;
  const table = html`<div class="scroll" role="region" aria-label="Steps of request ${flight.request}" tabindex="0"><table class="plain"><thead><tr><th scope="col">ms</th>${columns.map(({ heading }) => html`<th scope="col">${heading}</th>`)}</tr></thead><tbody>${flight.events.map(row)}</tbody></table></div>`;
  return html`<details class="fold"><summary>${name} ${prose(inWords(flight))}</summary>${table}</details>\n`;
}

/** For example: `request 812 of main.reuse.r1, a POST, …`. */
function inWords({ request, trial, method, idleAgeMs, sign, executions }: Flight): string {
  const connection =
    idleAgeMs === null
      ? 'on a fresh connection'
      : `on a connection idle for ${plain('durationMs', idleAgeMs)}`;
  const how = sign === 'rst' ? 'died of an RST' : 'died of a FIN';
  const done =
    executions === null ? '' : executions === 0 ? '; never executed' : `; executed ${executions} × in all`;
  return `request ${request} of ${trial}, a ${method} ${connection}, ${how}${done}`;
}
