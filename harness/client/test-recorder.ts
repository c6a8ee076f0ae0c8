/**
 * A recorder for tests of client kinds: keeps everything, and checks the contract's own rules as
 * calls come in. Not used by the product.
 */
import { nowNs } from '../base/clock.ts';
import type { AttemptDeath, Recorder } from '../contract/client-kind.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { CloseCause } from '../contract/samples.ts';

export class TestRecorder implements Recorder {
  readonly outcomes = new Map<number, Outcome>();
  readonly deaths: AttemptDeath[] = [];
  readonly sent: { request: number; attempt: number; connection: number; idleAgeNs: number }[] = [];
  readonly statuses = new Map<number, number>();
  readonly causes = new Map<number, CloseCause>();
  readonly faults: string[] = [];
  connections = 0;
  readonly #startNs = nowNs();
  readonly #open = new Set<number>();

  nowNs(): number {
    return nowNs() - this.#startNs;
  }

  get openCount(): number {
    return this.#open.size;
  }

  connectionOpened(): number {
    this.#open.add(this.connections);
    return this.connections++;
  }

  connectionConnected(connection: number, localPort: number): void {
    if (!this.#open.has(connection)) this.faults.push(`connection ${connection} connected after it closed`);
    if (localPort === 0) this.faults.push(`connection ${connection} has no port`);
  }

  connectionClosed(connection: number, cause: CloseCause): void {
    if (!this.#open.delete(connection)) this.faults.push(`connection ${connection} closed twice`);
    this.causes.set(connection, cause);
  }

  attemptSent(request: number, attempt: number, connection: number, idleAgeNs: number): void {
    if (this.outcomes.has(request)) this.faults.push(`request ${request} sent after it was done`);
    this.sent.push({ request, attempt, connection, idleAgeNs });
  }

  attemptDied(death: AttemptDeath): void {
    const sent = this.sent.some(
      ({ request, attempt }) => request === death.request && attempt === death.attempt,
    );
    if (!sent) this.faults.push(`request ${death.request} died without having been sent`);
    this.deaths.push(death);
  }

  attemptAnswered(request: number, status: number): void {
    this.statuses.set(request, status);
  }

  requestDone(request: number, outcome: Outcome): void {
    if (this.outcomes.has(request)) this.faults.push(`request ${request} done twice`);
    this.outcomes.set(request, outcome);
  }
}
