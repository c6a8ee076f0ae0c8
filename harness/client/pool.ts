/**
 * The connections of one simulated client: which are idle, which may be taken, who waits in line.
 *
 * With `checkout` the age is tested when a connection is taken, which is what makes eviction safe:
 * a timer that is late cannot let an old one through. Time comes in as an argument.
 */
import { nsPerMs } from '../base/units.ts';
import type { ConnectionPolicy } from '../contract/policy.ts';
import type { CloseCause } from '../contract/samples.ts';
import type { LeanConnection } from './lean-connection.ts';

export interface WaitingAttempt {
  readonly request: number;
  readonly attempt: number;
  /** Only a fresh connection will do. */
  readonly fresh: boolean;
}

export class Pool {
  /** Idle connections, the longest idle first. */
  readonly idle: LeanConnection[] = [];
  /** First come, first served; bounded by the plan. */
  readonly line: WaitingAttempt[] = [];
  open = 0;
  readonly #policy: ConnectionPolicy;
  readonly #evict: (connection: LeanConnection, cause: CloseCause) => void;

  constructor(policy: ConnectionPolicy, evict: (connection: LeanConnection, cause: CloseCause) => void) {
    this.#policy = policy;
    this.#evict = evict;
  }

  /** An idle connection that may be used at `nowNs`, taken out; null: none. */
  take(nowNs: number): LeanConnection | null {
    for (;;) {
      const connection = this.#policy.pick === 'lifo' ? this.idle.pop() : this.idle.shift();
      if (connection === undefined) return null;
      const cause = this.#unusable(connection, nowNs, this.#policy.idleCheck === 'checkout');
      if (cause === null) return connection;
      this.#evict(connection, cause);
    }
  }

  give(connection: LeanConnection): void {
    this.idle.push(connection);
  }

  /** It is no longer idle: closed by the server, or by us. */
  drop(connection: LeanConnection): void {
    const index = this.idle.indexOf(connection);
    if (index !== -1) this.idle.splice(index, 1);
  }

  /** Closes what is too old at `nowNs`: the timer's part of eviction. */
  sweep(nowNs: number): void {
    for (let index = 0; index < this.idle.length; ) {
      const cause = this.#unusable(this.idle[index], nowNs, true);
      if (cause === null) index++;
      else this.#evict(this.idle.splice(index, 1)[0], cause);
    }
  }

  #unusable(connection: LeanConnection, nowNs: number, checkIdleAge: boolean): CloseCause | null {
    if (checkIdleAge && nowNs - connection.idleSinceNs >= connection.idleTimeoutNs) return 'evicted';
    const { ageMaxMs } = this.#policy;
    return ageMaxMs !== null && nowNs - connection.openedNs >= ageMaxMs * nsPerMs ? 'limit' : null;
  }
}
