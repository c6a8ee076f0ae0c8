/** Starts a child that has just been spawned, and ends it if the start fails. */
import { type ErrorCode, HarnessError, reasonOf } from '../errors.ts';
import type { Child } from './child.ts';

/** @param failure Code and subject of the message for an error that is not a `HarnessError` yet. */
export async function startChild<Running>(
  child: Child,
  failure: { readonly code: ErrorCode; readonly what: string },
  start: () => Promise<Running>,
): Promise<Running> {
  try {
    return await start();
  } catch (error) {
    child.kill();
    if (error instanceof HarnessError) throw error;
    throw new HarnessError(failure.code, `${failure.what} did not start: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}
