/** Prometheus' text format, as client libraries write it. */
import { expect, test } from 'vitest';
import { usageOfMetrics } from './metrics.ts';

const text = `# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 12.34
process_open_fds 17
process_resident_memory_bytes 2.1676032e+07 1700000000000
`;

test('usageOfMetrics() reads CPU, memory and file descriptors', () => {
  expect(usageOfMetrics(text)).toEqual({
    cpuMs: 12_340,
    cpuUserMs: null,
    cpuSystemMs: null,
    rssBytes: 21_676_032,
    contextSwitches: null,
    fds: 17,
  });
});

test('usageOfMetrics() leaves unknown what is not there, and what is of several processes', () => {
  const unknown = { cpuUserMs: null, cpuSystemMs: null, rssBytes: null, contextSwitches: null };
  expect(usageOfMetrics('')).toEqual(unknown);
  expect(usageOfMetrics('process_cpu_seconds_total_x 3\nprocess_open_fds NaN\n')).toEqual(unknown);
  const several = 'process_open_fds{pid="1"} 3\nprocess_open_fds{pid="2"} 4\n';
  expect(usageOfMetrics(several)).toEqual(unknown);
  expect(usageOfMetrics('process_open_fds{app="x"} 3\n').fds).toBe(3);
});
