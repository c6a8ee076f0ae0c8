/**
 * What a command declares: its name, what it takes, what its help says, and how to run it. The help of all commands is
 * made of the declarations, so a declaration imports only types and loads its code when it runs.
 */
import type { Host } from '../../base/host.ts';

/** Flags or name as the help shows them, description, and default. */
type Parameter = readonly [usage: string, description: string, fallback?: string | boolean | string[]];

export interface CommandDeclaration<Options = unknown> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** In angle brackets if it is required, else in square brackets. */
  readonly argument?: Parameter;
  readonly required?: readonly Parameter[];
  readonly options?: readonly Parameter[];
  /** Follows the options in the help. */
  readonly after?: string;
  /** Resolves with the exit code. @param argument Empty if the command takes none. */
  run(host: Host, options: Options, argument: string): Promise<number>;
}
