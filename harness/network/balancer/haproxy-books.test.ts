/** Lines and answers as HAProxy 2.6 gave them before a target that committed faults. */
import { expect, test } from 'vitest';
import { readHaproxyBooks } from './haproxy-books.ts';

const requestCount = 8;

const heading = '# pxname,svname,qcur,stot,wretr,status';
const told = (arrivals: readonly string[], attempts = 0) =>
  [
    '# table: arrivals, type: integer, size:1008, used:1',
    ...arrivals.map((one) => `0x55a7a45b3098: ${one}`),
    '',
    heading,
    'clients,FRONTEND,,9,,OPEN',
    `to_target,target,0,${attempts},6,no check`,
    'to_target,BACKEND,0,2,6,UP',
    '',
  ].join('\n');

function booked(log: string, answers: string, row = 1) {
  const report = readHaproxyBooks(log === '' ? '' : `${log}\n`, answers, requestCount);
  const { upstreamAttempts, upstreamDeaths, upstreamRetries, ownAnswers, silentCloses } = report;
  return {
    answers: report.answers[row],
    attempts: upstreamAttempts[row],
    deaths: upstreamDeaths[row],
    retries: upstreamRetries[row],
    own: ownAnswers[row],
    silent: silentCloses[row],
  };
}

const nothing = { answers: 0, attempts: 0, deaths: 0, retries: 0, own: 0, silent: 0 };
const arrived = 'key=1 use=0 exp=0 gpc0=1';

test.each([
  ['an answer', '1 200 -- 0 target', { answers: 1, attempts: 1 }],
  ['an answer of status 500', '1 500 -- 0 target', { answers: 1, attempts: 1 }],
  ['a second try that was answered', '1 200 -- 1 target', { answers: 1, attempts: 2, deaths: 1, retries: 1 }],
  [
    'a 502 for the first request of a connection',
    '1 502 SH 0 target',
    { answers: 1, attempts: 1, deaths: 1, own: 1 },
  ],
  [
    'a 502 after all retries',
    '1 502 SH 3 target',
    { answers: 1, attempts: 4, deaths: 4, retries: 3, own: 1 },
  ],
  ['a 502 for what is no HTTP', '1 502 PH 0 target', { answers: 1, attempts: 1, deaths: 1, own: 1 }],
  [
    'a 503 without a target',
    '1 503 SC +3 target',
    { answers: 1, attempts: 4, deaths: 4, retries: 3, own: 1 },
  ],
  ['an answer that broke off', '1 200 SD 0 target', { attempts: 1, deaths: 1 }],
  ['a client that left in the answer', '1 200 CD 0 target', { attempts: 1, deaths: 1 }],
  ['a client that left before it', '1 -1 CH 0 target', { attempts: 1, deaths: 1 }],
  ['a refusal of its own', '1 403 PR 0 <NOSRV>', { answers: 1, own: 1 }],
])('readHaproxyBooks() books %s', (_, log, expected) => {
  expect(booked(log, told([arrived], 4))).toEqual({ ...nothing, ...expected });
});

test('readHaproxyBooks() takes what arrived, is over and was not logged for a silent close', () => {
  expect(booked('', told([arrived]))).toEqual({ ...nothing, attempts: 1, deaths: 1, silent: 1 });
});

test('readHaproxyBooks() finds the attempts of a silent close in the total', () => {
  const log = '2 200 -- 1 target';
  const retried = { ...nothing, attempts: 4, deaths: 4, retries: 3, silent: 1 };
  expect(booked(log, told([arrived, 'key=2 use=0 exp=0 gpc0=1'], 6))).toEqual(retried);
});

test('readHaproxyBooks() spreads a total that does not come out even, and loses none', () => {
  const answers = told([arrived, 'key=2 use=0 exp=0 gpc0=1'], 5);
  const { upstreamRetries, silentCloses } = readHaproxyBooks('', answers, requestCount);
  expect([...upstreamRetries.slice(1, 3)]).toEqual([2, 1]);
  expect([...silentCloses.slice(1, 3)]).toEqual([1, 1]);
});

test('readHaproxyBooks() does not take a request that still waits for the target for a silent close', () => {
  expect(booked('', told(['key=1 use=1 exp=0 gpc0=1']))).toEqual({ ...nothing, attempts: 1, deaths: 1 });
});

test('readHaproxyBooks() books a silent close and the answer to the client’s own retry under one id', () => {
  const expected = { ...nothing, answers: 1, attempts: 2, deaths: 1, silent: 1 };
  expect(booked('1 200 -- 0 target', told(['key=1 use=0 exp=0 gpc0=2']))).toEqual(expected);
});

test.each([
  '- 200 -- 0 target',
  'Proxy clients stopped (cumulated conns: FE: 4, BE: 0).',
  '8 200 -- 0 target',
])('readHaproxyBooks() books nothing for the line %j', (log) => {
  const report = readHaproxyBooks(`${log}\n`, told([]), requestCount);
  expect(
    Object.values(report)
      .flatMap((column) => [...column])
      .every((count) => count === 0),
  ).toBe(true);
});
