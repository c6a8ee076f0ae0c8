import { expect, test } from 'vitest';
import {
  countTimeWait,
  procAddress,
  readFdLimit,
  readSocketMemory,
  readStat,
  readState,
  readStatusNumber,
  readTcpProbes,
} from './proc-text.ts';

const rest = 'S 1 42 42 0 -1 4194304 100 0 0 0 137 25 0 0 20 0 11 0 999 1000 200';

test.each([
  ['42 (node) ', { cpuUserMs: 1_370, cpuSystemMs: 250 }],
  ['42 (a ) (b) c) ', { cpuUserMs: 1_370, cpuSystemMs: 250 }],
])('readStat() reads %j', (start, expected) => {
  expect(readStat(start + rest)).toEqual(expected);
});

test('readStat() gives null for what is not there', () => {
  expect(readStat('')).toBeNull();
  expect(readStat('42 (node) S')).toBeNull();
});

test('readState() reads the letter behind the name', () => {
  expect(readState(`42 (a (T) b) ${rest}`)).toBe('S');
  expect(readState('42 (node) T 1 42')).toBe('T');
  expect(readState('')).toBe('');
});

test('readStatusNumber() takes the whole name', () => {
  const status = 'VmRSS:\t   51200 kB\nvoluntary_ctxt_switches:\t17\nnonvoluntary_ctxt_switches:\t4\n';
  expect(readStatusNumber(status, 'VmRSS')).toBe(51_200);
  expect(readStatusNumber(status, 'voluntary_ctxt_switches')).toBe(17);
  expect(readStatusNumber(status, 'nonvoluntary_ctxt_switches')).toBe(4);
  expect(readStatusNumber(status, 'VmSwap')).toBeNull();
});

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0200007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0200007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0
   2: 0100007F:C001 0200007F:1F90 01 00000000:00000000 00:00000000 00000000     0
   3: 0200007F:1F90 0100007F:C002 06 00000000:00000000 00:00000000 00000000     0
   4: 0100007F:C003 0200007F:1F90 06 00000000:00000000 00:00000000 00000000     0
   5: 0300007F:1F90 0100007F:C004 01 00000000:00000000 00:00000000 00000000     0
   6: 0200007F:1F91 0100007F:C005 06 00000000:00000000 00:00000000 00000000     0
`;

test('countTimeWait() counts the watched address only, at either end', () => {
  expect(countTimeWait(table, '0200007F:1F90')).toBe(2);
  expect(countTimeWait(table, '0900007F:1F90')).toBe(0);
});

test.each([
  ['127.0.0.1', 8_080, '0100007F:1F90'],
  ['127.0.1.254', 1, 'FE01007F:0001'],
  ['localhost', 80, null],
  ['::1', 80, null],
])('procAddress() writes %s:%i as %j', (host, port, expected) => {
  expect(procAddress(host, port)).toBe(expected);
});

test('readSocketMemory() counts pages', () => {
  expect(
    readSocketMemory(
      'sockets: used 9\nTCP: inuse 5 orphan 0 tw 3 alloc 7 mem 2\nUDP: inuse 0 mem 8\n',
      4_096,
    ),
  ).toBe(8_192);
  expect(readSocketMemory('', 4_096)).toBeNull();
});

test('readTcpProbes() finds the column by its name', () => {
  expect(readTcpProbes('TcpExt: A TCPKeepAlive B\nTcpExt: 1 77 3\nIpExt: X\nIpExt: 1\n')).toBe(77);
  expect(readTcpProbes('TcpExt: A B\nTcpExt: 1 2\n')).toBeNull();
});

test('readFdLimit() reads the soft limit; unlimited is none', () => {
  expect(
    readFdLimit(
      'Limit  Soft  Hard\nMax open files            20000                20000                files\n',
    ),
  ).toBe(20_000);
  expect(
    readFdLimit('Max open files            unlimited            unlimited            files\n'),
  ).toBeNull();
});
