/** A child that has just been spawned is told to start, or is ended. */
import { type ErrorCode, HarnessError, reasonOf } from '../errors.ts';
import type { Child } from './child.ts';

/** @param failure For an error that is no `HarnessError` yet: its code, and the subject of its sentence. */
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
