/**
 * tcpdump beside a trial: a bounded pcap of what passes between the client and what it talks to, and the account
 * of it. Whether it may be run here is found out once, before the run; without the right the run goes on.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError, reasonOf } from '../../base/errors.ts';
import { findProgram } from '../../base/processes/find-program.ts';
import { type KeptProgram, keepProgram } from '../../base/processes/keep-program.ts';
import type { Processes } from '../../base/processes/processes.ts';
import { nowNs } from '../../base/time/clock.ts';
import { nsPerMs } from '../../base/units.ts';
import type { CaptureReport, CaptureSetup, PacketAccount, RunningCapture } from '../../contract/capture.ts';
import { accountPackets } from './account-packets.ts';
import { readPcap } from './read-pcap.ts';

/** Ethernet, IPv6 and the longest TCP header fit. */
const snapBytes = 128;
/** 64 MiB of records, most. */
const packetsMax = Math.floor((64 * 1_048_576) / (snapBytes + 16));
/** For packets that wait to be written, KiB. */
const bufferKib = 32_768;
const readyWithinMs = 3_000;
const pollMs = 10;

const noAccount: PacketAccount = { connections: 0, serverFins: 0, serverRsts: 0, deaths: [] };

/** Why packets cannot be captured here, for people; null: they can. */
export async function captureRefusal(processes: Processes): Promise<string | null> {
  try {
    const { program, failed } = await startTcpdump(processes, ['-w', '/dev/null', 'tcp and port 1']);
    await program.stop(() => null);
    return failed;
  } catch (error) {
    if (error instanceof HarnessError) return `${error.message} Try: ${error.hint}`;
    throw error;
  }
}

/** Resolves when tcpdump is ready to capture the first packet. */
export async function startCapture(
  processes: Processes,
  { file, host, port, isTls }: CaptureSetup,
): Promise<RunningCapture> {
  const filter = `tcp and host ${host} and port ${port}`;
  mkdirSync(dirname(file), { recursive: true });
  const { program, failed } = await startTcpdump(processes, ['-w', file, '-c', `${packetsMax}`, filter]);
  return {
    stop: () =>
      program
        .stop((words) => {
          if (failed !== null) return report(file, failed);
          return isTls ? report(file, underTls) : readCapture(file, port, words);
        })
        .catch((error: unknown) => report(file, reasonOf(error))),
  };
}

/** @returns `failed`: why tcpdump captures nothing, for a message; null: it captures. */
async function startTcpdump(
  processes: Processes,
  more: readonly string[],
): Promise<{ readonly program: KeptProgram; readonly failed: string | null }> {
  // Immediately: else the packets of the last tenths of a second are still in a block of the kernel when it is ended.
  const own = ['--immediate-mode', '-i', 'lo', '-n', '--time-stamp-precision=nano'];
  const sizes = ['-s', `${snapBytes}`, '-B', `${bufferKib}`];
  // Without -Z it would leave root's rights before it opens the file.
  const rights = process.getuid?.() === 0 ? ['-Z', 'root'] : [];
  const program = await keepProgram(processes, {
    command: [findProgram('tcpdump', 'apt-get install tcpdump'), ...own, ...sizes, ...rights, ...more],
    cwd: dirname(more[1]),
    stdoutFile: null,
    folder: null,
  });
  let ended: string | null = null;
  void program.lost.then((how) => {
    ended = how;
  });
  const deadlineNs = nowNs() + readyWithinMs * nsPerMs;
  while (nowNs() < deadlineNs) {
    const words = await program.words();
    if (ended !== null) return { program, failed: words || ended };
    if (words.includes('listening on')) return { program, failed: null };
    await sleep(pollMs);
  }
  return { program, failed: `tcpdump was not ready within ${readyWithinMs} ms` };
}

const underTls = 'under TLS packets do not tell an answer from a goodbye';

function report(
  file: string,
  incompleteBecause: string | null,
  packets = 0,
  account = noAccount,
): CaptureReport {
  return { file: `captures/${basename(file)}`, packets, incompleteBecause, account };
}

function readCapture(file: string, port: number, words: string): CaptureReport {
  try {
    let packets = 0;
    const counted = function* () {
      for (const segment of readPcap(readFileSync(file))) {
        packets++;
        yield segment;
      }
    };
    const account = accountPackets(counted(), port, monotonicOffsetNs());
    const dropped = Number(/(\d+) packets? dropped by kernel/.exec(words)?.[1] ?? 0);
    const incompleteBecause =
      dropped > 0
        ? `the kernel dropped ${dropped} packets`
        : packets >= packetsMax
          ? `the capture was full after ${packetsMax} packets`
          : null;
    return report(file, incompleteBecause, packets, account);
  } catch (error) {
    return report(file, reasonOf(error));
  }
}

/** From wall-clock ns to CLOCK_MONOTONIC ns; good to some µs, the wall clock being slewed and not set. */
function monotonicOffsetNs(): number {
  const monotonicNs = Number(process.hrtime.bigint());
  return monotonicNs - (performance.timeOrigin + performance.now()) * 1e6;
}
