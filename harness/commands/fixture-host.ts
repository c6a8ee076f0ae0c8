/** Runs the command line inside a test's process: what it writes is kept, and nothing else of the process is touched. */
import type { Host } from '../base/host.ts';
import { main } from '../main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onStart Gets what Ctrl-C calls. */
export async function runInProcess(
  argv: readonly string[],
  cwd: string,
  onStart: (interrupt: () => void) => void = () => {},
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written): Host['stdout'] => ({
    isTty: false,
    columns: 80,
    write(text) {
      written[name] += text;
    },
  });
  const code = await main({
    argv,
    env: {},
    cwd,
    stdout: output('stdout'),
    stderr: output('stderr'),
    onInterrupt(callback) {
      onStart(callback);
      return () => {};
    },
    now: () => new Date(0),
  });
  return { code, ...written };
}
