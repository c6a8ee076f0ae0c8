#!/usr/bin/env node
/**
 * The program. Checks the runtime, then either becomes one of the harness's own processes (hidden
 * commands, which import only what they need, because a trial waits for them) or the command line.
 */
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `error: idlerace needs Node 22.19 or newer; this is ${process.versions.node}.\n` +
      'try: npx -p node@24 -p idlerace idlerace --help\n',
  );
  process.exit(2);
}

// A trial waits for three fresh processes: they need not compile the same files each time.
module.enableCompileCache?.();

switch (process.argv[2]) {
  case '__target': {
    const { targetProcess } = await import('./target/embedded-process.ts');
    targetProcess();
    break;
  }
  case '__keeper': {
    const { keeperProcess } = await import('./base/processes/keeper-process.ts');
    keeperProcess();
    break;
  }
  case '__wire': {
    const { wireProcess } = await import('./network/wire/wire-process.ts');
    wireProcess();
    break;
  }
  case '__generator': {
    const { generatorProcess } = await import('./engine/generator-process.ts');
    const { inProcessClients } = await import('./client/index.ts');
    const { decodePlan } = await import('./model/plan/plan-file.ts');
    generatorProcess(inProcessClients, decodePlan);
    break;
  }
  default: {
    const { main } = await import('./main.ts');
    const { systemHost } = await import('./base/host.ts');
    process.exitCode = await main(systemHost(import.meta.filename));
  }
}
