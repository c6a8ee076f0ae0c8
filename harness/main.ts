/**
 * The command line: its table of commands, and how failures are reported. `commands/declarations/` has the arguments and
 * options of each command, and `commands/` has its code, which is loaded when the command runs.
 */
import { Command, CommanderError } from 'commander';
import { errorTable, exitCodes, HarnessError } from './base/errors.ts';
import type { Host } from './base/host.ts';
import { packageVersion } from './base/version.ts';
import type { CommandDeclaration } from './commands/declarations/command-declaration.ts';
import { init } from './commands/declarations/init.ts';
import { list } from './commands/declarations/list.ts';
import { probe } from './commands/declarations/probe.ts';
import { report } from './commands/declarations/report.ts';
import { run } from './commands/declarations/run.ts';
import { schema } from './commands/declarations/schema.ts';
import { selftest } from './commands/declarations/selftest.ts';
import { settings } from './commands/declarations/settings.ts';
import { target } from './commands/declarations/target.ts';
import { wire } from './commands/declarations/wire.ts';

/** In the order of the help. */
const commands = [run, report, list, settings, selftest, target, wire, probe, schema, init];

/** Runs the command that `host.argv` asks for; resolves with the exit code. */
export async function main(host: Host): Promise<number> {
  let exitCode: number = exitCodes.fine;
  const program = commandLine(host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(host.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return leave(host, error);
  }
}

function commandLine(host: Host, exit: (code: number) => void): Command {
  const program = new Command('idlerace')
    .description(
      'Runs every fix for the HTTP keep-alive idle-timeout race under identical load, and says what each costs.',
    )
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
    })
    .showHelpAfterError('\nFor all options: idlerace help [command]')
    .addHelpText('after', '\nStart here:\n  idlerace init matrix.yaml\n  idlerace run matrix.yaml');

  for (const command of commands) addCommand(program, command, host, exit);
  return program;
}

function addCommand(
  program: Command,
  { name, summary, description, argument, required = [], options = [], after, run }: CommandDeclaration,
  host: Host,
  exit: (code: number) => void,
): void {
  const command = program.command(name).summary(summary).description(description);
  if (argument !== undefined) command.argument(...argument);
  for (const option of required) command.requiredOption(...option);
  for (const option of options) command.option(...option);
  if (after !== undefined) command.addHelpText('after', `\n${after}`);
  command.action(async () => exit(await run(host, command.opts(), command.processedArgs[0] ?? '')));
}

/** Says what went wrong and what to type next; the exit code tells a script the same. */
function leave(host: Host, error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  }
  if (error instanceof HarnessError) {
    const isGeneral = error.hint === errorTable.usage.hint;
    const hint = isGeneral ? `idlerace ${host.argv[0]} --help` : error.hint;
    host.stderr.write(`error: ${error.message} [${error.code}]\ntry: ${hint}\n`);
    return error.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  host.stderr.write(`error: a bug in idlerace: ${text}\ntry: report it with the command that you typed\n`);
  return exitCodes.bug;
}
