import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadMemo } from './head-memo.ts';
import { ResponseParser } from './response-parser.ts';

interface Parsed {
  readonly state: string;
  readonly status: number;
  readonly bodyBytes: number;
  readonly keepAlive: boolean;
  readonly hintSeconds: number | null;
  readonly surplusBytes: number;
}

/** Pushes the pieces until one of them settles it; `closed` when only the server's close would end it. */
function parse(pieces: readonly Buffer[], head = false, memo?: HeadMemo): Parsed {
  const parser = new ResponseParser(memo);
  parser.begin(head);
  let state = 'more';
  for (const piece of pieces) {
    state = parser.push(piece);
    if (state !== 'more') break;
  }
  if (state === 'more' && parser.closeEndsResponse()) state = 'closed';
  const { status, bodyBytes, keepAlive, hintSeconds, surplusBytes } = parser;
  return { state, status, bodyBytes, keepAlive, hintSeconds, surplusBytes };
}

const bytes = (text: string) => Buffer.from(text, 'latin1');
const one = (text: string, head = false) => parse([bytes(text)], head);

const valid: readonly { what: string; text: string; head?: boolean; expected: Partial<Parsed> }[] = [
  {
    what: 'Content-Length',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    expected: { state: 'done', status: 200, bodyBytes: 5, keepAlive: true },
  },
  {
    what: 'no body',
    text: 'HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n',
    expected: { state: 'done', bodyBytes: 0, keepAlive: true },
  },
  {
    what: 'no reason phrase',
    text: 'HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n',
    expected: { state: 'done', status: 500 },
  },
  {
    what: 'Connection: close',
    text: 'HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n',
    expected: { state: 'done', keepAlive: false },
  },
  {
    what: 'HTTP/1.0',
    text: 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab',
    expected: { state: 'done', keepAlive: false },
  },
  {
    what: 'HTTP/1.0 with keep-alive',
    text: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab',
    expected: { state: 'done', keepAlive: true },
  },
  {
    what: 'chunks',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x="y"\r\n0123456789\r\n0\r\n\r\n',
    expected: { state: 'done', bodyBytes: 15, keepAlive: true },
  },
  {
    what: 'trailers',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\nZ: w\r\n\r\n',
    expected: { state: 'done', bodyBytes: 1 },
  },
  {
    what: '204',
    text: 'HTTP/1.1 204 No Content\r\n\r\n',
    expected: { state: 'done', status: 204, keepAlive: true },
  },
  {
    what: '304 with a length',
    text: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n',
    expected: { state: 'done', bodyBytes: 0 },
  },
  {
    what: 'HEAD',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n',
    head: true,
    expected: { state: 'done', bodyBytes: 0, keepAlive: true },
  },
  {
    what: '1xx before it',
    text: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
    expected: { state: 'done', status: 200, bodyBytes: 1 },
  },
  {
    what: 'until close',
    text: 'HTTP/1.1 200 OK\r\n\r\nwhatever',
    expected: { state: 'closed', bodyBytes: 8, keepAlive: false },
  },
  {
    what: 'a coding that is not chunked',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxyz',
    expected: { state: 'closed', bodyBytes: 3, keepAlive: false },
  },
  {
    what: 'a hint',
    text: 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n',
    expected: { state: 'done', hintSeconds: 5 },
  },
  {
    what: 'a hint that is not the first parameter',
    text: 'HTTP/1.1 200 OK\r\nKeep-Alive: max=100, timeout=7\r\nContent-Length: 0\r\n\r\n',
    expected: { state: 'done', hintSeconds: 7 },
  },
  {
    what: 'equal lengths',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\nabc',
    expected: { state: 'done', bodyBytes: 3 },
  },
  {
    what: 'more than was asked for',
    text: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 408',
    expected: { state: 'done', surplusBytes: 12 },
  },
];

test.each(valid)('ResponseParser reads $what', ({ text, head, expected }) => {
  expect(one(text, head)).toMatchObject(expected);
});

test.each(valid)(
  'ResponseParser reads $what the same, cut at every byte and byte by byte',
  ({ text, head }) => {
    const whole = one(text, head);
    const { surplusBytes: _, ...settled } = whole;
    const all = bytes(text);
    for (let cut = 1; cut < all.length; cut++) {
      expect(parse([all.subarray(0, cut), all.subarray(cut)], head)).toMatchObject(settled);
    }
    expect(
      parse(
        [...all].map((byte) => Buffer.of(byte)),
        head,
      ),
    ).toMatchObject(settled);
  },
);

test.each([
  ['no status line', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['a switch of protocol', 'HTTP/1.1 101 Switching\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na'],
  [
    'length and coding',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\na'],
  ['a folded line', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'],
  ['a line without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
  ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
  [
    'a chunk longer than it says',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n',
  ],
])('ResponseParser refuses %s', (_, text) => {
  expect(one(text).state).toBe('error');
});

test('ResponseParser refuses endless headers and endless chunk lines without keeping them', () => {
  const endless = (start: string) => {
    const parser = new ResponseParser();
    parser.begin(false);
    let state = parser.push(bytes(start));
    let pushed = 0;
    while (state === 'more' && pushed < 1_000) {
      state = parser.push(Buffer.alloc(1_000, 'a'));
      pushed++;
    }
    return { state, pushed };
  };
  expect(endless('HTTP/1.1 200 OK\r\nX: ')).toEqual({ state: 'error', pushed: 66 });
  expect(endless('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;').state).toBe('error');
});

test('ResponseParser counts a body of 1 GiB without keeping it', () => {
  const parser = new ResponseParser();
  parser.begin(false);
  const gib = 2 ** 30;
  let state = parser.push(bytes(`HTTP/1.1 200 OK\r\nContent-Length: ${gib}\r\n\r\n`));
  const block = Buffer.alloc(2 ** 24);
  for (let sent = 0; sent < gib; sent += block.length) {
    expect(state).toBe('more');
    state = parser.push(block);
  }
  expect([state, parser.bodyBytes]).toEqual(['done', gib]);
});

const pieces = [
  'HTTP/1.1 200 OK',
  '\r\n',
  ':',
  ' ',
  'Content-Length',
  'Transfer-Encoding',
  'chunked',
  '5',
  '0',
  'a',
  '\r',
  '\n',
  ';',
  ',',
  'HTTP/1.0 204',
  'Connection',
  'close',
  '\0',
  'ÿ',
];

test('ResponseParser never throws and always settles or waits, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
      fc.array(fc.nat(200), { maxLength: 6 }),
      fc.boolean(),
      (words, cuts, head) => {
        const all = bytes(words.join(''));
        const at = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
        const cutUp = at.slice(1).map((end, index) => all.subarray(at[index], end));
        const whole = parse([all], head);
        expect(['more', 'done', 'error', 'closed']).toContain(whole.state);
        const inPieces = parse(cutUp, head);
        expect([inPieces.state, inPieces.status]).toEqual([whole.state, whole.status]);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('ResponseParser reads one response after another on a connection', () => {
  const parser = new ResponseParser();
  for (const size of [3, 0, 70_000]) {
    parser.begin(false);
    const body = 'x'.repeat(size);
    expect(parser.push(bytes(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${body}`))).toBe('done');
    expect([parser.bodyBytes, parser.surplusBytes]).toEqual([size, 0]);
  }
});

test('ResponseParser reads the same with a head that it remembers, whatever came before on the same server', () => {
  const heads = [
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nKeep-Alive: timeout=5\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n',
    'HTTP/1.1 500 OK\r\nContent-Length: 3\r\n\r\n',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
  ];
  const bodies = ['abc', 'abcd', 'ab', '3\r\nabc\r\n0\r\n\r\n', ''];
  const response = fc.record({
    head: fc.constantFrom(...heads),
    body: fc.constantFrom(...bodies),
    cut: fc.nat(120),
    isHead: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(response, { maxLength: 12 }), (responses) => {
      const memo = new HeadMemo();
      for (const { head, body, cut, isHead } of responses) {
        const all = bytes(head + body);
        const cutUp = [all.subarray(0, cut), all.subarray(cut)].filter(({ length }) => length > 0);
        expect(parse(cutUp, isHead, memo)).toEqual(parse(cutUp, isHead));
      }
    }),
    { numRuns: 2_000 },
  );
});
