/** Running other programs for the engine benchmark: pinned where the machine can, their output as text. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pin } from '../../harness/base/processes/pin.ts';
import { choosePinning } from '../../harness/engine/machine.ts';

export const cli = join(import.meta.dirname, '../../harness/cli.ts');

/** CPU lists as `taskset -c` takes them; null: not pinned. */
export interface Pins {
  readonly generator: string | null;
  readonly target: string | null;
}

export function choosePins(): Pins {
  return choosePinning() ?? { generator: null, target: null };
}

export function pinned(
  cpus: string | null,
  program: string,
  args: readonly string[],
): { command: string; argv: string[] } {
  return cpus === null
    ? { command: program, argv: [...args] }
    : { command: 'taskset', argv: ['-c', cpus, program, ...args] };
}

export function hasProgram(name: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
  return found;
}

/** When a Node process has certainly started its own threads. */
const nodeUpMs = 200;

/** A Node program with its main thread pinned and V8's own threads free, as our generator runs. */
export function outputOfNode(cpus: string | null, args: readonly string[]): Promise<string> {
  return outputOf(null, process.execPath, args, (pid) => {
    setTimeout(() => void pin(pid, cpus, 'main'), nodeUpMs);
  });
}

/** Resolves with what it printed on stdout. @throws Error with its stderr when it does not end well. */
export function outputOf(
  cpus: string | null,
  program: string,
  args: readonly string[],
  onStart: (pid: number) => void = () => {},
): Promise<string> {
  const { command, argv } = pinned(cpus, program, args);
  return new Promise((resolve, reject) => {
    // One generator core for everybody: Go's scheduler and libuv's pool look at these.
    const env = { ...process.env, GOMAXPROCS: '1', NO_COLOR: '1' };
    const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'pipe'], env });
    if (child.pid !== undefined) onStart(child.pid);
    let printed = '';
    let complained = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${complained.trim()}`));
    });
  });
}
