/**
 * The command line as a table of contents: which commands there are, what they take, and how a
 * failure leaves. What a command does is in `commands/`, one file each, loaded when it is called.
 */
import { Command, CommanderError } from 'commander';
import { errorTable, exitCodes, HarnessError } from './base/errors.ts';
import type { Host } from './base/host.ts';
import { packageVersion } from './base/version.ts';

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

  program
    .command('run')
    .argument('[file]', 'matrix file, YAML or JSON', 'matrix.yaml')
    .summary('run a matrix: every strategy under identical load')
    .description(
      'Runs every strategy of the matrix in every scenario and round, each trial in fresh processes under the ' +
        'same load plan, then writes summary, CSV, Markdown and HTML and prints the comparison.\n\n' +
        'Ctrl-C keeps every finished trial. Exit codes: 0 fine, 2 usage or matrix, 3 target failed, 130 interrupted.',
    )
    .option('--out <dir>', 'folder for runs; each run gets a subfolder', 'results/runs')
    .option('--seed <n>', 'seed of everything drawn; same seed, same load')
    .option('--rounds <n>', 'how many times each strategy runs; auto: as many as the verdicts need')
    .option('--until <goal>', 'goal that ends the run: decided, or a width such as "errorRate(evict) ±0.1 %"')
    .option('--max-time <d>', 'longest time for all trials, with --until or --rounds auto, for example 3m')
    .option('--max-rounds <n>', 'largest number of rounds, with --until or --rounds auto (default 40)')
    .option(
      '--repeat-unhealthy <n>',
      'how many times a trial that the machine disturbed is run again (default 2)',
    )
    .option('--generators <n>', 'processes that the clients are spread over')
    .option('--duration <d>', 'measured time of each trial, for example 5s')
    .option(
      '--strategies <list>',
      'strategies to run instead of those in the matrix: "reuse,evict+retry,./mine.ts"',
    )
    .option('--only <scenario>', 'one scenario of the matrix, by its id')
    .option(
      '--capture',
      'save a packet capture of each trial (needs tcpdump) and check the results against it',
      false,
    )
    .option('--dry-run', 'check everything, print what would run, run nothing', false)
    .option('--json', 'print the summary as JSON and nothing else', false)
    .option('--quiet', 'print the paths written and nothing else', false)
    .action(async (file, options) => {
      const { runCommand } = await import('./commands/run.ts');
      exit(await runCommand(host, file, options));
    });

  program
    .command('report')
    .argument('<run>', 'folder of a run, for example results/runs/latest')
    .summary('render a stored run again')
    .description(
      'Renders the reports of a stored run again, into its folder. A run that was cut off before its summary ' +
        'was written is summarized first, from the trials that finished.\n\n' +
        'With --again the run is summarized again from its samples. Use it for runs of an older version.',
    )
    .option('--again', 'compute the summary and the histograms again from the samples', false)
    .option('--format <list>', 'html, csv, markdown, json; several with commas', 'html,csv,markdown,json')
    .action(async (run, options) => {
      const { reportCommand } = await import('./commands/report.ts');
      exit(await reportCommand(host, run, options));
    });

  program
    .command('list')
    .argument('<topic>', 'strategies, clients, targets, balancers or traffic')
    .summary('list strategies, clients, targets, balancers or traffic kinds')
    .description(
      'Lists what a matrix file can name: strategies, clients, targets, balancers or traffic kinds.',
    )
    .option(
      '--for <client>',
      'with strategies: which of them this client carries out, and the nearest variant',
    )
    .action(async (topic, options) => {
      const { listCommand } = await import('./commands/list.ts');
      exit(await listCommand(host, topic, options.for ?? null));
    });

  program
    .command('settings')
    .argument('<strategy>', 'as `run` names them: evict, evict+retry, ./mine.ts')
    .summary('a strategy as ready-to-paste settings of real clients')
    .description(
      'Writes the policy of a strategy as configuration of a real client, proxy or server, with the arithmetic of ' +
        'its numbers as comments. Rounded towards the safe side. What a client cannot carry out is named.\n\n' +
        'Clients: go, node-http, undici, java, apache-httpclient, okhttp, requests, reqwest, dotnet, nginx, haproxy, ' +
        'envoy, alb. Servers (for long-idle): go, node-http, nginx, haproxy, alb.\n\n' +
        'Exit codes: 0 written, 2 usage, unknown strategy or client.',
    )
    .option('--for <list>', 'clients, with commas: go,undici')
    .option('--idle-timeout <d>', 'after which the server closes an idle connection', '5s')
    .option('--hint <d>', 'timeout in the server’s Keep-Alive header, if that is shorter')
    .option('--rtt <d>', 'round trip between client and server', '1ms')
    .option('--server-lag <d>', 'how late the server may notice a request (default: as --lag)')
    .option('--client-lag <d>', 'how late the client may read an answer (default: as --lag)')
    .option('--lag <d>', 'sets both lags; the margin covers their sum', '50ms')
    .option('--gap-max <d>', 'longest time that a client leaves a connection idle, for long-idle', '60s')
    .option('--json', 'print texts and notes as JSON and nothing else', false)
    .addHelpText('after', '\nTry it: idlerace settings evict --for go,node-http --idle-timeout 5s --rtt 20ms')
    .action(async (strategy, options) => {
      const { settingsCommand } = await import('./commands/settings.ts');
      exit(await settingsCommand(host, strategy, options));
    });

  program
    .command('selftest')
    .summary('check on this machine that the numbers are reliable')
    .description(
      'Puts known truths through the whole harness and holds what it says against them: faults injected in exact ' +
        'number, a stall of known length, known service times, the law of the race, the pace, the books. At most 90 s.\n\n' +
        'Ctrl-C ends it. Exit codes: 0 everything held, 2 usage, 4 a check failed or refused, 130 interrupted.',
    )
    .option('--only <list>', 'some checks only, for example laws,pacing')
    .option(
      '--client <kind>',
      'faults and laws through this client instead: an id, or a path such as ./my-driver',
    )
    .option('--seed <n>', 'seed of everything drawn', '1')
    .option('--json', 'print every finding as JSON and nothing else', false)
    .option('--quiet', 'print what did not hold and the last sentence', false)
    .action(async (options) => {
      const { selftestCommand } = await import('./commands/selftest.ts');
      exit(await selftestCommand(host, options));
    });

  program
    .command('target')
    .summary('the embedded server alone, to try a client of your own against')
    .description(
      'Starts the embedded server with an exact idle timeout and tells of every connection it accepts and\n' +
        'every idle one it closes. Ctrl-C ends it. Try it: idlerace target --port 8080 --idle-timeout 2s',
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 for any free one', '8080')
    .option('--idle-timeout <d>', 'how long a connection may be idle', '5s')
    .option('--service-time <d>', 'how long each answer takes', '0ms')
    .option('--tls', 'https, with a self-signed certificate made on the fly', false)
    .option('--no-advertise', 'send no "Keep-Alive: timeout=" header')
    .action(async (options) => {
      const { targetCommand } = await import('./commands/target.ts');
      exit(await targetCommand(host, options));
    });

  program
    .command('wire')
    .summary('the delaying proxy alone, to put a round trip before any server')
    .description(
      'Delays bytes, FIN and RST by half the round trip each way, so that the race of a real network happens ' +
        'on loopback. Ctrl-C ends it. Try it: idlerace wire --to 127.0.0.1:8080 --rtt 20ms',
    )
    .requiredOption('--to <host:port>', 'where connections go')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <n>', 'port to listen on; 0 for any free one', '8081')
    .option('--rtt <d>', 'round trip to add', '10ms')
    .option('--allow-host <name...>', 'hosts beside loopback that --to may name', [])
    .action(async (options) => {
      const { wireCommand } = await import('./commands/wire.ts');
      exit(await wireCommand(host, options));
    });

  program
    .command('probe')
    .argument('<url>', 'for example http://127.0.0.1:8080/')
    .summary('find out a server’s idle timeout, and what clients should be set to')
    .description(
      'Finds out, within a number of requests that is printed first: the idle timeout, whether it is advertised and ' +
        'kept, how idle connections are closed, how many requests a connection takes, whether a server behind it has ' +
        'another timeout, the round trip, pipelining, and HTTP/2. Then prints settings and a matrix that tries them.\n\n' +
        'It takes about three times the idle timeout and some seconds. It takes longer when it finds a second server ' +
        'behind the first, when connections are dropped silently, or when its advice must be lowered.',
    )
    .option('--requests <n>', 'largest number of requests in all', '550')
    .option('--longest <d>', 'longest idle time to wait for', '90s')
    .option('--requests-per-connection <n>', 'how far to look for a limit', '120')
    .option('--lag <d>', 'sets both lags; the margin covers their sum', '50ms')
    .option('--server-lag <d>', 'how late the server may notice a request (default: as --lag)')
    .option('--client-lag <d>', 'how late the client may read an answer (default: as --lag)')
    .option('--for <list>', 'settings for these clients', 'go,node-http,undici')
    .option('--allow-host <name...>', 'hosts beside loopback that the URL may name', [])
    .option('--insecure', 'do not verify the certificate', false)
    .option('--write <file>', 'file for the matrix that tries the advice')
    .option('--json', 'print the findings as JSON and nothing else', false)
    .action(async (url, options) => {
      const { probeCommand } = await import('./commands/probe.ts');
      exit(await probeCommand(host, url, options));
    });

  program
    .command('schema')
    .summary('print the JSON Schema of the matrix file or of summary.json')
    .description('Prints the JSON Schema of the matrix file, for editors and for reading.')
    .option('--summary', 'print the schema of summary.json instead, for programs that read it')
    .action(async (options) => {
      const { schemaCommand } = await import('./commands/schema.ts');
      exit(schemaCommand(host, options));
    });

  program
    .command('init')
    .argument('[file]', 'file to write', 'matrix.yaml')
    .summary('write a commented matrix file to start from')
    .description('Writes a commented matrix file to start from. Overwrites nothing.')
    .action(async (file) => {
      const { initCommand } = await import('./commands/init.ts');
      exit(initCommand(host, file));
    });

  return program;
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
