import { expect, test } from 'vitest';
import { accountPackets } from './account-packets.ts';
import type { Segment } from './read-pcap.ts';

const server = 80;

/**
 * A conversation as words: `c` or `s` (who sends), then `syn`, `fin`, `rst`, `data` or `ack`; one ns apart.
 * A digit before the letter is the client's port, 1 when left out.
 */
function segments(words: string): Segment[] {
  return words.split(' ').map((word, index) => {
    const [, port, who, what] = /^(\d?)([cs]):(\w+)$/.exec(word) ?? [];
    const client = Number(port || 1);
    return {
      wallNs: index,
      sourcePort: who === 'c' ? client : server,
      targetPort: who === 'c' ? server : client,
      syn: what === 'syn' || what === 'synack',
      ack: what !== 'syn',
      fin: what === 'fin',
      rst: what === 'rst',
      payloadBytes: what === 'data' ? 10 : 0,
    };
  });
}

const hello = 'c:syn s:synack c:ack c:data s:data c:ack';

test.each([
  ['an answered request, then an idle close', `${hello} s:fin c:fin s:ack`, [1, 1, 0], []],
  [
    'a request that crosses a FIN, and the RST that answers it',
    `${hello} s:fin c:data s:rst`,
    [1, 1, 0],
    ['fin reused'],
  ],
  ['a FIN instead of an answer', `${hello} c:data s:fin c:fin`, [1, 1, 0], ['fin reused']],
  ['an RST instead of an answer', `${hello} c:data s:rst`, [1, 0, 1], ['rst reused']],
  ['a FIN on a fresh connection', 'c:syn s:synack c:data s:fin', [1, 1, 0], ['fin fresh']],
  ['a FIN in the middle of an answer', `${hello} c:data s:data s:fin`, [1, 1, 0], []],
  ['a client that gives up first', `${hello} c:data c:fin s:fin`, [1, 0, 0], []],
  ['a client that resets first', `${hello} c:data c:rst`, [1, 0, 0], []],
  ['an idle RST', `${hello} s:rst`, [1, 0, 1], []],
  ['a refused connection', 'c:syn s:rst', [0, 0, 1], []],
  [
    'a port that is used again',
    `${hello} c:data s:fin c:syn s:synack c:data s:data`,
    [2, 1, 0],
    ['fin reused'],
  ],
  ['a connection from before the capture', 'c:data s:fin', [0, 0, 0], []],
  ['a request in two segments', `${hello} c:data c:data s:rst`, [1, 0, 1], ['rst reused']],
] as const)('accountPackets() of %s', (_, words, [connections, serverFins, serverRsts], deaths) => {
  const account = accountPackets(segments(words), server, 0);
  expect([account.connections, account.serverFins, account.serverRsts]).toEqual([
    connections,
    serverFins,
    serverRsts,
  ]);
  expect(account.deaths.map(({ sign, reused }) => `${sign} ${reused ? 'reused' : 'fresh'}`)).toEqual(deaths);
});

test('accountPackets() keeps connections apart and puts times on the given axis', () => {
  const words = '1c:syn 2c:syn 1s:synack 2s:synack 1c:data 2c:data 1s:data 2s:fin 1c:data 1s:fin 1s:rst';
  expect(accountPackets(segments(words), server, 1_000).deaths).toEqual([
    { clientPort: 1, sign: 'fin', reused: true, requestNs: 1_008, signNs: 1_009, rstNs: 1_010 },
    { clientPort: 2, sign: 'fin', reused: false, requestNs: 1_005, signNs: 1_007, rstNs: null },
  ]);
});
