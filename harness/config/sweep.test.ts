import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spreadSweep } from './sweep.ts';

const base = {
  target: { kind: 'embedded', idleTimeout: '500ms' },
  traffic: { kind: 'think-time', clients: 1, gap: { uniform: ['1ms', '2ms'] } },
  request: [{ method: 'GET' }, { method: 'PUT' }],
};

const spread = (sweep: unknown) => spreadSweep({ ...base, sweep });

test.each([
  ['network.rtt', ['1ms'], { network: { rtt: '1ms' } }],
  ['target.service', [{ by: 'burn' }], { target: { ...base.target, service: { by: 'burn' } } }],
  ['traffic.gap', ['1s'], { traffic: { ...base.traffic, gap: '1s' } }],
  ['traffic.gap.uniform.1', ['9ms'], { traffic: { ...base.traffic, gap: { uniform: ['1ms', '9ms'] } } }],
  ['request.1.method', ['POST'], { request: [{ method: 'GET' }, { method: 'POST' }] }],
  [
    'request.0.headers.x-tenant',
    ['a'],
    { request: [{ method: 'GET', headers: { 'x-tenant': 'a' } }, { method: 'PUT' }] },
  ],
])('spreadSweep() puts a value of %s in its place', (field, values, expected) => {
  const { scenarios, problems } = spread({ [field]: values });
  expect(problems).toEqual([]);
  expect(scenarios.map(({ content }) => content)).toEqual([{ ...base, ...expected }]);
  expect(scenarios[0].origin(field.split('.'))).toEqual(['sweep', field, 0]);
});

test.each([
  ['network.rrt', 'did you mean "rtt"'],
  ['clinet.kind', 'did you mean "client"'],
  ['network.rtt.deeper', 'no such field'],
  ['network..rtt', 'no such field'],
  ['', 'no such field'],
  ['traffic.rate', 'there are: kind, clients, gap'], // a field of another traffic kind
  ['request.method', 'no such field'], // the request is a list
  ['request.2.method', 'no such field'],
  ['traffic.gap.uniform.2', 'no such field'],
  ['rounds', 'whole run'],
  ['strategies.0', 'whole run'],
  ['__proto__.polluted', 'no such field'],
  ['constructor.prototype.polluted', 'no such field'],
  ['network.__proto__.polluted', 'no such field'],
  ['network.constructor.prototype.polluted', 'no such field'],
  ['request.0.headers.__proto__', 'no such field'],
])('spreadSweep() refuses to sweep "%s"', (field, says) => {
  const { problems } = spreadSweep({ ...base, sweep: Object.fromEntries([[field, ['x']]]) });
  expect(problems).toEqual([{ path: ['sweep', field], says: expect.stringContaining(says), atKey: true }]);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('spreadSweep() refuses two fields of which one holds the other', () => {
  const { problems } = spread({ network: [{ rtt: '1ms' }], 'network.rtt': ['2ms'] });
  expect(problems).toMatchObject([
    { path: ['sweep', 'network.rtt'], says: expect.stringContaining('"network"') },
  ]);
});

test.each([[5], [['network.rtt']], [null]])('spreadSweep() refuses %j as a whole', (sweep) => {
  expect(spread(sweep).problems).toMatchObject([{ path: ['sweep'] }]);
});

test.each([['1ms'], [[]], [null], [{ from: 1 }]])('spreadSweep() wants a list, not %j', (values) => {
  expect(spread({ 'network.rtt': values }).problems).toMatchObject([
    { path: ['sweep', 'network.rtt'], says: expect.stringContaining('a list of values') },
  ]);
});

test('spreadSweep() stops at 500 scenarios, and still gives one to check the rest with', () => {
  const axis = (length: number) => Array.from({ length }, (_, index) => `${index}ms`);
  const of = (a: number, b: number) => spread({ 'network.rtt': axis(a), 'network.lagAllowance': axis(b) });
  expect(of(50, 10).problems).toEqual([]);
  expect(of(50, 10).scenarios).toHaveLength(500);
  expect(of(167, 3).problems).toMatchObject([{ says: expect.stringContaining('501 scenarios') }]);
  expect(of(167, 3).scenarios).toHaveLength(1);
});

test('spreadSweep() gives ids that are unique and fit for a file name, whatever is swept', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 12 }),
      fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
      (paths, kinds) => {
        const { scenarios } = spread({ 'request.0.path': paths, 'client.kind': kinds });
        const ids = scenarios.map(({ id }) => id);
        expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(paths.length * kinds.length);
        for (const id of ids) expect(id).toMatch(/^[a-z0-9][a-z0-9._-]{0,130}$/);
      },
    ),
  );
});
