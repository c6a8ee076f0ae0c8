/**
 * The call protocol between parent and child: what the objects look like, whatever carries them.
 *
 * A child of our own gets them over Node's IPC channel; a program in any other language as JSON, one object
 * a line, on its standard input and output (`docs/drivers.md`).
 */
export interface Call {
  /** Number of the call, from 1; the answer repeats it. */
  readonly call: number;
  readonly name: string;
  readonly argument: unknown;
}

export interface Answer {
  /** Number of the call. */
  readonly answer: number;
  readonly value?: unknown;
  /** Instead of a value. `code` is one of the error table's where the failure is an expected one. */
  readonly error?: { readonly message: string; readonly code?: string; readonly hint?: string };
}
