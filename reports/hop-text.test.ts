import { expect, test } from 'vitest';
import { behindBalancerInput, fixtureInput } from '../test/fixtures/summary.ts';
import { deathsText, hopSentences, viaText } from './hop-text.ts';

const [scenario] = behindBalancerInput().summary.scenarios;

test('hopSentences() has one for each strategy that has counts, the reference first', () => {
  const sentences = hopSentences({ ...scenario, strategies: [...scenario.strategies].reverse() }, 'reuse');
  expect(sentences).toHaveLength(6);
  expect(sentences[0]).toBe(
    'reuse, behind nginx: 31 of 1,640 attempts on the second hop failed; nginx sent 0 again, answered 31 itself (502 and the like), closed the client’s connection without an answer for 0.',
  );
  expect(sentences[1]).toMatch(
    /^evict\+retry, behind nginx: none of 1,640 attempts on the second hop failed\.$/,
  );
});

test('hopSentences() and viaText() say nothing without a balancer', () => {
  const [plain] = fixtureInput().summary.scenarios;
  expect(hopSentences(plain, 'reuse')).toEqual([]);
  expect(viaText(plain.config)).toBeNull();
});

test('viaText() names every knob, times with their unit', () => {
  expect(viaText(scenario.config)).toBe(
    'nginx, round trip to the target 10ms (clientIdleTimeout 75s, upstreamIdleTimeout 60s, upstreamConnectionsMax 512, upstreamRequestsMax 1000000, nextUpstream error, timeout)',
  );
});

test('deathsText() says none for 0', () => {
  const { hop } = scenario.strategies[0];
  if (hop === null) throw new Error('no hop');
  expect(deathsText({ ...hop, upstreamDeaths: 0 })).toBe('none of 1,640 attempts on the second hop failed');
});
