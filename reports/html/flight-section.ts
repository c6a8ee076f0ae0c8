/** The flight recorder: failed attempts of the run, step by step, one column for each source. */
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
  'death-noticed': 'noticed that the connection was closed',
};

const witnesses = [
  { id: 'client', heading: 'Client' },
  { id: 'wire', heading: 'Wire' },
  { id: 'packets', heading: 'Packets' },
] as const satisfies readonly { id: FlightEvent['witness']; heading: string }[];

/** Empty where no attempt failed. */
export function flightSection({ strategies, rows, headingLevel }: ScenarioView): Markup {
  const folds = strategies.flatMap(({ flights }, index) =>
    flights.map((flight) => fold(flight, strategyName(rows[index]))),
  );
  if (folds.length === 0) return nothing;
  return section(
    headingLevel,
    'Failed attempts, step by step',
    'Times count from the moment that the client wrote the request. Client, wire, and packets were recorded separately; packets need a run with --capture.',
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
  const how = sign === 'rst' ? 'was ended by an RST' : 'was ended by a FIN';
  const done =
    executions === null
      ? ''
      : executions === 0
        ? '; not executed'
        : `; executed ${executions === 1 ? 'once' : `${executions} times`}`;
  return `request ${request} of ${trial}, a ${method} ${connection}, ${how}${done}`;
}
