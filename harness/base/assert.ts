/**
 * Assertions for programmer errors. Operating errors (a dead target, a full disk) are values or
 * a `HarnessError`; whoever sees an `AssertionError` has found a bug in idlerace.
 */
import { AssertionError } from 'node:assert';

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError({ message, stackStartFn: assert });
}
