/**
 * A wait that can be ended early: by Ctrl-C, or because the probe has its result. A timer that is
 * left running would keep the process alive long after the last line was printed. No `node:timers/promises`: tests
 * cannot give it virtual time.
 */

/** @throws The signal's reason when it is aborted first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
