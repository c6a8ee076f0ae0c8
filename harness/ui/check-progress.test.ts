import { expect, test } from 'vitest';
import { checkProgress, checkProgressLine } from './check-progress.ts';

const checks = [
  { id: 'faults', lastsMs: 8_000 },
  { id: 'laws', lastsMs: 2_500 },
];

function screen(isTty: boolean, columns = 80) {
  const written: string[] = [];
  return { output: { write: (text: string) => void written.push(text), isTty, columns }, written };
}

test('checkProgressLine() says which check runs and how long all still take', () => {
  expect(checkProgressLine(2, 6, 'stall', 31_200)).toBe('check 2/6 · stall · about 32 s left');
});

test('checkProgress() draws on a terminal, and takes its line away', () => {
  const { output, written } = screen(true);
  const progress = checkProgress(output, checks, () => 0);
  progress.start(checks[0]);
  expect(written.at(-1)).toBe('\r\x1b[2Kcheck 1/2 · faults · about 11 s left');
  progress.start(checks[1]);
  expect(written.at(-1)).toBe('\r\x1b[2Kcheck 2/2 · laws · about 3 s left');
  progress.clear();
  progress.clear();
  expect(written.at(-1)).toBe('\r\x1b[2K');
  expect(written).toHaveLength(4);
});

test('checkProgress() never wraps, and writes nothing where there is no terminal', () => {
  const narrow = screen(true, 20);
  const progress = checkProgress(narrow.output, checks, () => 0);
  progress.start(checks[0]);
  progress.clear();
  expect(narrow.written[0]).toBe('\r\x1b[2Kcheck 1/2 · faults ');
  const none = screen(false);
  checkProgress(none.output, checks, () => 0).start(checks[0]);
  expect(none.written).toEqual([]);
});
