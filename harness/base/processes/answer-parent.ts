/** The child's side of the call protocol: answers the parent's calls until the parent goes away, then exits. */

import { HarnessError } from '../errors.ts';
import type { Answer, Call } from './calls.ts';

interface Handler {
  /** A method, so that each handler can state the type of its argument. */
  handle(argument: unknown): unknown;
}

/** What a child answers to, by name. */
export type CallHandlers = Readonly<Record<string, Handler['handle']>>;

/** Ignores SIGINT: the parent decides how a run ends. */
export function answerParent(handlers: CallHandlers): void {
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message) => {
    const { call, name, argument } = message as Call;
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`No call "${name}" here`);
      reply({ answer: call, value: await handler(argument) });
    } catch (error) {
      const known = error instanceof HarnessError;
      reply({
        answer: call,
        error: {
          message:
            error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error),
          code: known ? error.code : undefined,
          hint: known ? error.hint : undefined,
        },
      });
    }
  });
}

function reply(answer: Answer): void {
  if (process.connected) process.send?.(answer);
}
