import { expect, test } from 'vitest';
import type { CheckResult } from './check.ts';
import { conclusion, renderConclusion, renderResult } from './render-results.ts';

const check = { id: 'pacing', title: 'Requests leave when the plan says, as the target saw them' };

function result(status: CheckResult['status'], wrong: number): CheckResult {
  const finding = (index: number, held: boolean) => ({
    what: `thing ${index}`,
    expected: `${index}`,
    measured: held ? `${index}` : 'nothing',
    held,
  });
  return {
    status,
    summary:
      'A sentence with figures of 100 % that is long enough to be broken somewhere, even where there is much room for it to run on.',
    findings: [finding(0, true), ...Array.from({ length: wrong }, (_, index) => finding(index + 1, false))],
    healthReasons: status === 'refused' ? ['the generator was late: p99 60 ms (limit 50 ms)'] : [],
  };
}

test('renderResult() of a check that held says so and shows no finding', () => {
  expect(renderResult(check, result('held', 0), { columns: 80, color: false })).toBe(
    [
      'held     pacing: Requests leave when the plan says, as the target saw them',
      '         A sentence with figures of 100 % that is long enough to be broken',
      '         somewhere, even where there is much room for it to run on.',
      '',
    ].join('\n'),
  );
});

test('renderResult() shows what did not hold, at most eight, and why it refused', () => {
  const failed = renderResult(check, result('failed', 12), { columns: 140, color: false });
  expect(failed).toMatch(/^FAILED {3}pacing/);
  expect(failed.match(/- thing/g)).toHaveLength(8);
  expect(failed).toContain('and 4 more; all of them: idlerace selftest --only pacing --json');
  expect(failed).toContain('thing 1: expected 1, measured nothing');
  expect(failed).not.toContain('thing 0');
  const refused = renderResult(check, result('refused', 0), { columns: 140, color: false });
  expect(refused).toContain('why refused: the generator was late');
});

test.each([80, 140, 20])('no line is wider than %s columns', (columns) => {
  for (const status of ['held', 'failed', 'refused'] as const) {
    const style = { columns, color: false };
    const text = renderResult(check, result(status, 3), style) + renderConclusion([status], 7, style);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(40, columns));
  }
});

test('colour only marks the word, and only where it may', () => {
  const sequence = '\u001b[';
  expect(renderResult(check, result('failed', 1), { columns: 80, color: false })).not.toContain(sequence);
  const colored = renderResult(check, result('failed', 1), { columns: 80, color: true });
  expect(colored.split('\n').filter((line) => line.includes(sequence))).toHaveLength(1);
  expect(colored).toContain('\u001b[1;31mFAILED \u001b[0m');
});

test('conclusion() says what it means and what to do', () => {
  expect(conclusion(['held', 'held'], 2)).toContain('All 2 checks held');
  expect(conclusion(['held'], 3)).toBe(
    '1 of 1 check held; 2 checks did not run: idlerace selftest runs all.',
  );
  expect(conclusion(['held', 'refused'], 2)).toMatch(/^1 of 2 checks refused: .*try again/);
  expect(conclusion(['failed', 'refused'], 2)).toMatch(
    /^1 of 2 checks failed: .*do not use results .*report/,
  );
});
