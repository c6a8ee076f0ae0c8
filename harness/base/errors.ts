/**
 * Every expected failure, in one table: code, exit code and what the user can type next.
 *
 * A test holds the table equal to `docs/errors.md`. Anything that is thrown and is not a
 * `HarnessError` is a bug in idlerace and exits 1.
 */

/** Exit codes of the command line. */
export const exitCodes = {
  fine: 0,
  bug: 1,
  usage: 2,
  targetFailed: 3,
  expectationNotMet: 4,
  interrupted: 130,
} as const;

export const errorTable = {
  'config-unreadable': { exitCode: exitCodes.usage, hint: 'idlerace init matrix.yaml' },
  'config-invalid': { exitCode: exitCodes.usage, hint: 'idlerace schema' },
  usage: { exitCode: exitCodes.usage, hint: 'idlerace --help' },
  'strategy-unknown': { exitCode: exitCodes.usage, hint: 'idlerace list strategies' },
  'strategy-broken': { exitCode: exitCodes.usage, hint: 'see docs/strategies.md, "Your own strategy"' },
  'strategy-conflict': { exitCode: exitCodes.usage, hint: 'combine strategies that set different knobs' },
  'strategy-refused': { exitCode: exitCodes.usage, hint: 'idlerace list clients' },
  'host-not-allowed': { exitCode: exitCodes.usage, hint: 'add the host to allowHosts in the matrix file' },
  'fd-limit': { exitCode: exitCodes.usage, hint: 'ulimit -n' },
  'port-taken': { exitCode: exitCodes.usage, hint: 'choose another --port, or 0 for any free one' },
  'run-not-found': { exitCode: exitCodes.usage, hint: 'idlerace report results/runs/latest' },
  'run-unreadable': { exitCode: exitCodes.usage, hint: 'run it again: idlerace run' },
  'output-failed': { exitCode: exitCodes.usage, hint: 'idlerace run --out DIR, with a folder that has room' },
  'target-start-failed': { exitCode: exitCodes.targetFailed, hint: 'idlerace target' },
  'program-missing': { exitCode: exitCodes.usage, hint: 'apt-get install golang-go nginx-light haproxy' },
  'target-garbage': { exitCode: exitCodes.targetFailed, hint: 'curl -v the address: it must speak HTTP/1.1' },
  'target-lost': {
    exitCode: exitCodes.targetFailed,
    hint: 'idlerace report results/runs/latest, for the trials that finished',
  },
  'wire-failed': { exitCode: exitCodes.bug, hint: 'run again with rtt: 0 to leave the wire out' },
  'generator-failed': { exitCode: exitCodes.bug, hint: 'report it with the run folder' },
} as const satisfies Record<string, { exitCode: number; hint: string }>;

export type ErrorCode = keyof typeof errorTable;

export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: number;
  /** The next command to type, or what to change. */
  readonly hint: string;

  /** @param message What could not be done, the current and the wanted state, values quoted. */
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HarnessError';
    this.code = code;
    this.exitCode = errorTable[code].exitCode;
    this.hint = options.hint ?? errorTable[code].hint;
  }
}

/** The message of a caught value, for the end of a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
