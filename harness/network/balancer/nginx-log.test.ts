/** Lines as nginx 1.22 wrote them before a target that committed faults. */
import { expect, test } from 'vitest';
import { readNginxLogs } from './nginx-log.ts';

const requestCount = 8;
const target = '127.0.0.1:9001';

/** The one row that anything was booked in. */
function booked(accessLog: string, errorLog = '', row = 1) {
  const report = readNginxLogs(`${accessLog}\n`, errorLog, requestCount);
  for (const column of Object.values<Uint8Array>({ ...report })) {
    expect(column.filter((count, other) => count > 0 && other !== row)).toHaveLength(0);
  }
  const { answers, upstreamAttempts, upstreamDeaths, upstreamRetries, ownAnswers, silentCloses } = report;
  return {
    answers: answers[row],
    attempts: upstreamAttempts[row],
    deaths: upstreamDeaths[row],
    retries: upstreamRetries[row],
    own: ownAnswers[row],
    silent: silentCloses[row],
  };
}

const nothing = { answers: 0, attempts: 0, deaths: 0, retries: 0, own: 0, silent: 0 };

test.each([
  ['an answer', `1 200 3 "OK" "${target}" "0.001"`, { answers: 1, attempts: 1 }],
  ['an answer of status 500', `1 500 3 "OK" "${target}" "0.001"`, { answers: 1, attempts: 1 }],
  ['a 502 of its own', `1 502 3 "OK" "${target}" "-"`, { answers: 1, attempts: 1, deaths: 1, own: 1 }],
  [
    'a second try that was answered',
    `1 200 3 "OK" "${target}, ${target}" "-, 0.002"`,
    { answers: 1, attempts: 2, deaths: 1, retries: 1 },
  ],
  [
    'two tries that died',
    `1 502 3 "OK" "${target}, ${target}" "-, -"`,
    { answers: 1, attempts: 2, deaths: 2, retries: 1, own: 1 },
  ],
  [
    'a 502 of the target, tried again (http_502)',
    `1 200 3 "OK" "${target}, ${target}" "0.001, 0.002"`,
    { answers: 1, attempts: 2, retries: 1 },
  ],
  [
    'a client that left while the target was silent',
    `1 499 3 "" "${target}" "-"`,
    { attempts: 1, deaths: 1 },
  ],
  // An answer whose status line is not HTTP/1 is taken for HTTP/0.9, whose end never comes.
  ['a client that left in the answer', `1 499 3 "" "${target}" "0.001"`, { attempts: 1, deaths: 1 }],
  ['a client that left before it was sent on', '1 499 3 "" "-" "-"', {}],
  ['a refusal of nginx itself', '1 413 3 "OK" "-" "-"', { answers: 1, own: 1 }],
  ['a request without an id', `- 200 3 "OK" "${target}" "0.001"`, {}],
  ['an id that is no row', `8 200 3 "OK" "${target}" "0.001"`, {}],
])('readNginxLogs() books %s', (_, accessLog, expected) => {
  expect(booked(accessLog)).toEqual({ ...nothing, ...expected });
});

test('readNginxLogs() takes from the error log which answer broke off: the last one of its connection', () => {
  const access = [0, 1, 2].map((id) => `${id} 200 ${id < 2 ? 9 : 11} "OK" "${target}" "0.001"`).join('\n');
  const error = [
    '2026/11/23 17:44:05 [error] 18067#18067: *9 upstream prematurely closed connection while reading upstream, client: 127.0.0.1, server: , request: "POST /x HTTP/1.1", upstream: "http://127.0.0.1:9001/x", host: "h"',
    '2026/11/23 17:44:05 [error] 18067#18067: *11 upstream prematurely closed connection while reading response header from upstream, client: 127.0.0.1, server: , request: "POST /x HTTP/1.1", upstream: "http://127.0.0.1:9001/x", host: "h"',
  ].join('\n');
  const { answers, upstreamDeaths } = readNginxLogs(`${access}\n`, `${error}\n`, requestCount);
  expect([...answers.slice(0, 3)]).toEqual([1, 0, 1]);
  expect([...upstreamDeaths.slice(0, 3)]).toEqual([0, 1, 0]);
});

test('readNginxLogs() adds up what one request id did in several requests of the client', () => {
  const access = `1 502 3 "OK" "${target}" "-"\n1 200 4 "OK" "${target}" "0.001"`;
  expect(booked(access)).toEqual({ ...nothing, answers: 2, attempts: 2, deaths: 1, own: 1 });
});
