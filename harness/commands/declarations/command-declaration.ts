/**
 * What a command declares: its name, its argument and options, its help, and how to run it. The help of every command
 * comes from these declarations, so a declaration imports only types and loads the command's code when it runs.
 */
import type { Host } from '../../base/host.ts';

/** Flags or name as the help shows them, description, and default. */
type Parameter = readonly [usage: string, description: string, fallback?: string | boolean | string[]];

export interface CommandDeclaration<Options = unknown> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** In angle brackets if required, else in square brackets. */
  readonly argument?: Parameter;
  readonly required?: readonly Parameter[];
  readonly options?: readonly Parameter[];
  /** Follows the options in the help. */
  readonly after?: string;
  /** Resolves with the exit code. @param argument Empty if the command takes none. */
  run(host: Host, options: Options, argument: string): Promise<number>;
}
