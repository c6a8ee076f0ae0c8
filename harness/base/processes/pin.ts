/**
 * Pins a running process to cpus. After its start, not by a prefix to its command: processes that come up side
 * by side should share all cpus while they do.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Best effort: where the right or `taskset` is missing the scheduler decides as before.
 * @param cpus CPU list as `taskset -c` takes it; null: leave it alone.
 * @param threads `main`: a runtime's own threads (compiler, collector) stay free.
 */
export async function pin(pid: number, cpus: string | null, threads: 'all' | 'main'): Promise<void> {
  if (cpus === null) return;
  const all = threads === 'all' ? ['-a'] : [];
  const taskset = spawn('taskset', [...all, '-c', '-p', cpus, `${pid}`], { stdio: 'ignore' });
  await once(taskset, 'exit').catch(() => {});
}
