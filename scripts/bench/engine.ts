/**
 * Measures the speed and the lateness of our generator, other generators, and the platform's limits. All take turns in
 * one run, so a noisy machine disturbs all of them. Figures are medians over the rounds of ratios within a round.
 * `docs/performance.md` states how each figure is measured and what limits it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from '../../harness/base/statistics/quantile.ts';
import type { Summary } from '../../harness/contract/summary.ts';
import { startBenchTarget } from './bench-target.ts';
import { type Figure, ratio } from './figures.ts';
import { type LatenessBench, latenessBench } from './lateness.ts';
import { ownEngine, ownRate } from './own-engine.ts';
import { choosePins, outputOf, outputOfNode, type Pins } from './programs.ts';
import { type Load, type Rival, rivals } from './rivals.ts';

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  say(line: string): void;
}

const connections = 50;
const idleConnections = 8_000;
const rates = [1_000, 10_000];
/** Warm-up of a generator with a rate, before the measured seconds: connections open, and code is compiled. */
const settleSeconds = 1;

export async function engineFigures(options: BenchOptions): Promise<Figure[]> {
  const bench = new EngineBench(options);
  // This is first, because sockets that the others leave in TIME_WAIT make the kernel's tables slow to read.
  await bench.aroundTrials();
  await bench.measureRounds();
  return bench.figures();
}

class EngineBench {
  readonly #options: BenchOptions;
  readonly #pins: Pins = choosePins();
  readonly #rivals: readonly Rival[] = rivals(this.#pins);
  /** Name of a figure → its value in each round. */
  readonly #measured = new Map<string, number[]>();

  constructor(options: BenchOptions) {
    this.#options = options;
  }

  async measureRounds(): Promise<void> {
    const { rounds, say } = this.#options;
    const { generator } = this.#pins;
    const target = await startBenchTarget(this.#pins);
    const lateness = await latenessBench(this.#pins);
    say(
      `${target.name}; generator on cpu ${generator ?? 'any'}, target on cpu ${this.#pins.target ?? 'any'}`,
    );
    try {
      for (let round = 1; round <= rounds; round++) {
        for (const mode of ['keep-alive', 'short-lived'] as const) await this.#closedLoops(target.url, mode);
        if (lateness !== null) for (const rate of rates) await this.#openLoops(lateness, rate);
        say(`round ${round} of ${rounds} done`);
      }
      const program = join(import.meta.dirname, 'idle-memory.ts');
      const idle = ['--expose-gc', program, target.url, `${idleConnections}`];
      this.#note('idle KiB', Number(await outputOf(generator, process.execPath, idle)) / 1_024);
    } finally {
      lateness?.stop();
      await target.stop();
    }
  }

  /** Runs every closed loop once, in turns. */
  async #closedLoops(url: string, mode: Load['mode']): Promise<void> {
    const { seconds, say } = this.#options;
    const strategy = mode === 'keep-alive' ? 'reuse' : 'short-lived';
    const rates: Record<string, number> = {
      idlerace: await ownRate({ url, seconds, connections, strategy }),
    };
    if (mode === 'keep-alive') {
      const program = join(import.meta.dirname, 'bare-loop.ts');
      const bare = [program, url, `${connections}`, `${seconds}`];
      rates['bare node:net'] = Number(await outputOfNode(this.#pins.generator, bare));
      if (rates['bare node:net'] === 0) throw new Error('the bare loop got no answers');
    }
    for (const { name, run } of this.#rivals.filter(({ cannot }) => cannot !== mode)) {
      rates[name] = await run({ url, connections, seconds, mode, perSecond: null });
    }
    for (const [name, rate] of Object.entries(rates)) {
      this.#note(`${mode} / ${name}`, rates.idlerace / rate);
      this.#note(`bare / ${name}`, rates['bare node:net'] / rate);
    }
    say(`${mode}, requests/s: ${listed(rates, 0)}`);
  }

  /** Runs every generator with a rate once, in turns, and measures lateness by arrivals. */
  async #openLoops(bench: LatenessBench, perSecond: number): Promise<void> {
    const schedule = { perSecond, connections, seconds: this.#options.seconds };
    const seconds = schedule.seconds + settleSeconds;
    const late: Record<string, number> = {};
    late.idlerace = await bench.measure(schedule, async (url) => {
      const period = `${(connections / perSecond) * 1_000}ms`;
      const traffic = `{ kind: heartbeat, clients: ${connections}, period: ${period}, jitter: 0ms }`;
      const { generator } = await ownEngine({ url, seconds, strategy: 'reuse', traffic });
      if (generator.cpuShare !== null) this.#note(`cpu ${perSecond}`, generator.cpuShare);
    });
    late['bare pacer'] = await bench.measure(schedule, (url) =>
      outputOf(
        this.#pins.generator,
        bench.barePacer,
        [new URL(url).port, connections, perSecond, seconds].map(String),
      ),
    );
    for (const { name, run } of this.#rivals.filter(({ cannot }) => cannot !== 'rate')) {
      late[name] = await bench.measure(schedule, (url) =>
        run({ url, connections, seconds, mode: 'keep-alive', perSecond }),
      );
    }
    const { idlerace, 'bare pacer': bare, ...others } = late;
    this.#note(`late ${perSecond} / rival`, idlerace / Math.min(...Object.values(others)));
    this.#note(`late ${perSecond} / bare`, idlerace / bare);
    this.#options.say(`${perSecond}/s, lateness p99 of arrivals in ms: ${listed(late, 3)}`);
  }

  /** Wall time of the quickstart less warm-up and measured time, per trial, as a multiple of a start of Node. */
  async aroundTrials(): Promise<void> {
    this.#options.say('two rounds of the quickstart, for the time around its trials');
    const root = join(import.meta.dirname, '../..');
    const command = [join(root, 'dist/harness/cli.js'), 'run', join(root, 'examples/quickstart.yaml')];
    const out = join(root, 'results/runs');
    const wallMs = await wallMsOf([...command, '--rounds', '2', '--quiet', '--out', out]);
    const { run }: Summary = JSON.parse(readFileSync(join(out, 'latest/summary.json'), 'utf8'));
    const { warmupMs, durationMs, rounds, strategies } = run.config;
    const trials = rounds * strategies.length;
    const aroundMs = wallMs / trials - (warmupMs + durationMs);
    for (let start = 0; start < 5; start++) this.#note('around', aroundMs / (await wallMsOf(['-e', '0'])));
  }

  figures(): Figure[] {
    const of = (name: string) => quantile(Float64Array.from(this.#measured.get(name) ?? []).sort(), 0.5);
    const late = (rate: number) => `lateness p99 at ${rate.toLocaleString('en-US')}/s`;
    return [
      ratio(
        'keep-alive closed loop, 50 connections, over autocannon',
        of('keep-alive / autocannon'),
        1.2,
        1.5,
      ),
      ratio('the same over wrk', of('keep-alive / wrk'), 0.6, 0.8),
      ratio('the same over a bare node:net loop', of('keep-alive / bare node:net'), 0.92, 0.95),
      ratio('the bare loop over wrk', of('bare / wrk'), 0.6, 0.9),
      ratio('short-lived over autocannon', of('short-lived / autocannon'), 1.2, 1.5),
      ratio('the same over wrk', of('short-lived / wrk'), 0.45, 0.6),
      ...rates.flatMap((rate) => [
        ratio(`${late(rate)}, over the best rival with a rate`, of(`late ${rate} / rival`), 0.25, 0.1),
        ratio('the same over a bare pacer', of(`late ${rate} / bare`), 2, 1),
      ]),
      { what: 'share of one core at 1,000/s', value: of('cpu 1000'), unit: '%', bar: null, aim: null },
      { what: 'memory per idle connection, 8,000 open', value: of('idle KiB'), unit: 'KiB', bar: 6, aim: 4 },
      ratio('time around a trial, over a start of Node', of('around'), 15, 5),
    ];
  }

  #note(name: string, value: number): void {
    this.#measured.set(name, [...(this.#measured.get(name) ?? []), value]);
  }
}

function listed(values: Record<string, number>, digits: number): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value.toFixed(digits)}`)
    .join(', ');
}

async function wallMsOf(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  await outputOf(null, process.execPath, args);
  return performance.now() - startMs;
}
