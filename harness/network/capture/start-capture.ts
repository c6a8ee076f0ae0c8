/**
 * tcpdump beside a trial: a bounded pcap of what passes between the client and what it talks to, and the account
 * of it. Whether it may be run here is found out once, before the run; without the right the run goes on.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { reasonOf } from '../../base/errors.ts';
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
/** tcpdump writes what it has when it is asked to end. */
const endWithinMs = 5_000;

const noAccount: PacketAccount = { connections: 0, serverFins: 0, serverRsts: 0, deaths: [] };

/** Why packets cannot be captured here, for people; null: they can. */
export async function captureRefusal(): Promise<string | null> {
  const { child, ready, words } = startTcpdump(['-w', '/dev/null', 'tcp and port 1']);
  const why = await ready;
  if (why === null) await end(child);
  return why === null ? null : words() || why;
}

/** Resolves when the first packet would be seen. @param signal Aborting it ends tcpdump at once. */
export async function startCapture(
  { file, host, port, isTls }: CaptureSetup,
  signal: AbortSignal,
): Promise<RunningCapture> {
  const filter = `tcp and host ${host} and port ${port}`;
  mkdirSync(dirname(file), { recursive: true });
  const { child, ready, words } = startTcpdump(['-w', file, '-c', `${packetsMax}`, filter], signal);
  const failed = await ready;
  return {
    async stop() {
      await end(child);
      if (failed !== null) return report(file, words() || failed);
      return isTls ? report(file, underTls) : readCapture(file, port, words());
    },
  };
}

function startTcpdump(more: readonly string[], signal?: AbortSignal) {
  // Immediately: else the packets of the last tenths of a second are still in a block of the kernel when it is ended.
  const own = [
    '--immediate-mode',
    '-i',
    'lo',
    '-n',
    '-s',
    `${snapBytes}`,
    '-B',
    `${bufferKib}`,
    '--time-stamp-precision=nano',
  ];
  // Without -Z it would leave root's rights before it opens the file.
  const rights = process.getuid?.() === 0 ? ['-Z', 'root'] : [];
  const child = spawn('tcpdump', [...own, ...rights, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let said = '';
  const ready = new Promise<string | null>((resolve) => {
    const timer = setTimeout(
      () => resolve(`tcpdump was not ready within ${readyWithinMs} ms`),
      readyWithinMs,
    );
    const settle = (why: string | null) => {
      clearTimeout(timer);
      resolve(why);
    };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
      if (said.includes('listening on')) settle(null);
    });
    child.on('error', (error) => settle(`tcpdump cannot be run (${error.message}): apt-get install tcpdump`));
    child.on('exit', (code) => settle(`tcpdump ended with code ${code}`));
  });
  return { child, ready, words: () => said.trim() };
}

/** SIGINT makes it write what it has and say what it dropped. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGINT');
  });
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
