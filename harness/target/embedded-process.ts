/** The target process: the embedded server, answering the controller's calls. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { HarnessError } from '../base/errors.ts';
import { answerParent } from '../base/processes/answer-parent.ts';
import { Heartbeat } from '../base/time/heartbeat.ts';
import { nsPerMs } from '../base/units.ts';
import type { Pulse } from '../contract/pulse.ts';
import type { ProcessUsage, TargetReport, TargetSetup } from '../contract/target.ts';
import { EmbeddedServer } from './embedded-server.ts';
import type { EmbeddedConfig } from './plain-target.ts';
import { warmUp } from './warm-up.ts';

export interface EmbeddedStarted {
  readonly port: number;
  /** PEM to trust; null for plain HTTP. */
  readonly ca: string | null;
}

/** The monitor's own period, in ms, which is part of what it records. */
const delayResolutionMs = 5;

export function targetProcess(): void {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  const heartbeat = new Heartbeat();
  let server: EmbeddedServer | null = null;
  answerParent({
    async start({
      config,
      policy,
      host,
      seed,
      requestCount,
      faults,
    }: TargetSetup<EmbeddedConfig>): Promise<EmbeddedStarted> {
      const tls = config.tls ? await (await import('./certificate.ts')).makeCertificate(host) : null;
      const { idleTimeoutMs } = policy;
      const own = { config, idleTimeoutMs, host, port: 0, seed, requestCount, faults, tls };
      await warmUp(own);
      server = new EmbeddedServer({ ...own, onFrozen: () => heartbeat.skip() });
      const port = await server.listen();
      delay.enable();
      heartbeat.start();
      return { port, ca: tls?.cert ?? null };
    },
    usage: ownUsage,
    pulse: (): Pulse => heartbeat.pulse(),
    stop(): TargetReport {
      if (server === null) throw new HarnessError('target-start-failed', 'The target was never started.');
      const { books } = server;
      return {
        ledger: books.ledger,
        connectionOpenedNs: books.connectionOpenedNs.toArray(),
        connectionClosedNs: books.connectionClosedNs.toArray(),
        connectionsOpenMax: books.openMax,
        idleTimerLatenessNs: books.idleTimerLatenessNs.toArray(),
        eventLoopDelayMsP99:
          delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / nsPerMs - delayResolutionMs),
      };
    },
  });
}

function ownUsage(): ProcessUsage {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } =
    process.resourceUsage();
  return {
    cpuUserMs: userCPUTime / 1_000,
    cpuSystemMs: systemCPUTime / 1_000,
    rssBytes: process.memoryUsage.rss(),
    // Windows counts none and says 0.
    contextSwitches:
      process.platform === 'win32' ? null : voluntaryContextSwitches + involuntaryContextSwitches,
  };
}
