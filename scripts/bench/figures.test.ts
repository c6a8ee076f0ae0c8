import { expect, test } from 'vitest';
import { figureTable, judgeFigures } from './figures.ts';

test('judgeFigures() takes the median of the rounds, and says what is missed and what was not measured', () => {
  const figures = judgeFigures(
    new Map([
      ['keep-alive / autocannon', [1.1, 1.9, 1.21]],
      ['lateness 1000', [0.1, 0.2, 0.9, 4]],
    ]),
  );
  const of = (start: string) => figures.find(({ what }) => what.startsWith(start));
  expect(of('keep-alive')).toMatchObject({ median: 1.21, holds: true });
  expect(of('open loop 1,000/s: lateness')).toMatchObject({ median: 0.55, holds: false });
  expect(of('memory')).toMatchObject({ median: null, holds: null });
  expect(figureTable(figures)).toMatch(
    /open loop 1,000\/s: lateness p99 +0.55 ms +0.25 ms +0.1 ms +MISSED\n/,
  );
});
