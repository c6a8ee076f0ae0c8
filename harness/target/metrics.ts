/** What a server tells of its own cost in Prometheus' text format, under the names that its client libraries share. */
import { HarnessError, reasonOf } from '../base/errors.ts';
import type { ProcessUsage } from '../contract/target.ts';

const timeoutMs = 2_000;

/** @throws HarnessError `target-start-failed` when there is no such text. */
export async function readMetrics(url: string): Promise<ProcessUsage> {
  try {
    const response = await fetch(url, {
      headers: { connection: 'close' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`its status is ${response.status}`);
    return usageOfMetrics(await response.text());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new HarnessError('target-start-failed', `No metrics from ${url}: ${reasonOf(cause)}.`, {
      hint: `curl -v ${url}`,
    });
  }
}

/** What is not there stays unknown. */
export function usageOfMetrics(text: string): ProcessUsage {
  const cpuSeconds = metric(text, 'process_cpu_seconds_total');
  const fds = metric(text, 'process_open_fds');
  return {
    cpuUserMs: null,
    cpuSystemMs: null,
    rssBytes: metric(text, 'process_resident_memory_bytes'),
    contextSwitches: null,
    ...(cpuSeconds === null ? {} : { cpuMs: cpuSeconds * 1_000 }),
    ...(fds === null ? {} : { fds }),
  };
}

/** A sample without labels, or the only one with: of several it cannot be told which process they are of. */
function metric(text: string, name: string): number | null {
  const samples = [...text.matchAll(new RegExp(`^${name}(\\{[^}]*\\})?[ \\t]+(\\S+)`, 'gm'))];
  const sample =
    samples.find(([, labels]) => labels === undefined) ?? (samples.length === 1 ? samples[0] : null);
  const value = sample === null ? Number.NaN : Number(sample[2]);
  return Number.isFinite(value) ? value : null;
}
