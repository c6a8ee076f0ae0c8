/**
 * A client kind: something that can send the requests of a load plan under a policy.
 *
 * `lean` is our own; real clients plug in here. Those in JavaScript run in our generator process: the pacer
 * calls `start` at the intended time and never waits, and whatever happens is told to the `Recorder` as
 * numbers; one fleet carries all simulated clients of a process, each with a pool of its own. Those in other
 * languages are drivers: programs that take the generator process's place (`docs/drivers.md`).
 */
import type { Carries } from './carries.ts';
import type { ClientKnob } from './knobs.ts';
import type { LoadPlan } from './load-plan.ts';
import type { Outcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { CloseCause, DeathSign } from './samples.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Sent as the `Host` header, and checked against the certificate. */
  readonly authority: string;
  /** null: plain HTTP. */
  readonly tls: {
    /** PEM to trust beside the system's; null: the system's alone. */
    readonly ca: string | null;
    /** Skip verification. Only where the matrix says `insecure: true`. */
    readonly insecure: boolean;
  } | null;
}

export interface ClientLimits {
  /** Connections that one simulated client may hold, at least 1; null: no limit. Further requests wait in line. */
  readonly connectionsPerClientMax: number | null;
  readonly connectTimeoutMs: number;
  /** From `start` to the last response byte, waiting in line and retries included. */
  readonly requestTimeoutMs: number;
}

/**
 * Whose settings a real client runs with. `policy`: every knob of the policy is set, so that client kinds can
 * be compared. `own`: what its authors chose, but for the knobs that the strategy changes, so that one sees
 * what it does out of the box.
 */
export const clientSettings = ['policy', 'own'] as const;
export type ClientSettings = (typeof clientSettings)[number];

export interface Recorder {
  /** CLOCK_MONOTONIC ns from the start of the trial. */
  nowNs(): number;
  /** Returns the connection's row. */
  connectionOpened(client: number): number;
  connectionConnected(connection: number, localPort: number): void;
  connectionClosed(connection: number, cause: CloseCause): void;
  /**
   * An attempt is handed to the kernel, or is about to connect on a fresh connection. `idleAgeNs` NaN when fresh.
   * @param sentNs Now, for a client that has just read the clock.
   */
  attemptSent(request: number, attempt: number, connection: number, idleAgeNs: number, sentNs?: number): void;
  attemptDied(death: AttemptDeath): void;
  /** A complete response of whatever status was read for this attempt. */
  attemptAnswered(request: number, status: number): void;
  /** The request is over; called exactly once for each `start`. `doneNs` as `sentNs` above. */
  requestDone(request: number, outcome: Outcome, doneNs?: number): void;
}

export interface AttemptDeath {
  readonly request: number;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly sign: DeathSign;
  readonly connection: number;
  readonly idleAgeNs: number;
  readonly sentNs: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
}

export interface ClientSetup {
  readonly endpoint: Endpoint;
  readonly policy: Policy;
  readonly limits: ClientLimits;
  readonly settings: ClientSettings;
  readonly plan: LoadPlan;
  readonly recorder: Recorder;
  /** Called with the client's number right after each `requestDone`; the closed loop sends the next from here. */
  onClientFree(client: number): void;
}

export interface ClientFleet {
  /** Sends row `request` of the plan now. Never throws, never blocks. */
  start(request: number): void;
  /** Ends every connection and every request still under way (`aborted`); resolves when all sockets are closed. */
  close(): Promise<void>;
}

interface ClientFacts {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

/** Runs in our generator process. */
export interface InProcessClient extends ClientFacts {
  readonly carries: Carries<ClientKnob, Policy>;
  /** Loads the library that it stands on, before the plan begins; others need not pay for it. */
  load?(): Promise<void>;
  open(setup: ClientSetup): ClientFleet;
}

/** A program that answers the calls of the generator process. */
export interface DriverClient extends ClientFacts {
  /** null: a user's driver reports its knobs in its answer to `prepare`. */
  readonly carries: Carries<ClientKnob, Policy> | null;
  /**
   * The program and its arguments; built first where it has to be.
   * @throws HarnessError `program-missing` with the line that installs what is wanted.
   */
  command(): Promise<readonly string[]>;
}

export type ClientKind = InProcessClient | DriverClient;

/** What every generator is told, in any language. */
export interface GeneratorJob {
  readonly planFile: string;
  readonly samplesFile: string;
  readonly clientKind: string;
  readonly endpoint: Endpoint;
  readonly policy: Policy;
  readonly limits: ClientLimits;
  readonly settings: ClientSettings;
  /** Which of the plan's clients this process drives. */
  readonly share: ClientShare;
}

/** Client c belongs to generator c mod count. */
export interface ClientShare {
  /** From 0. */
  readonly index: number;
  /** Generators in all, from 1. */
  readonly count: number;
}
