/**
 * What the packets of a trial say, beside what the client's books say: tcpdump between the client and what it
 * talks to, and the same questions asked of it. Two accounts that agree are evidence; one is a claim.
 */

export interface CaptureSetup {
  /** Absolute path of the pcap file. */
  readonly file: string;
  /** What the client talks to. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** A request that was never answered, on a connection that the server's side ended. */
export interface PacketDeath {
  readonly clientPort: number;
  /** The first that the server's side sent: FIN or RST. */
  readonly sign: 'fin' | 'rst';
  /** An answer had come on this connection before. */
  readonly reused: boolean;
  /** First segment of the request, ns on the axis of the trial's other times. */
  readonly requestNs: number;
  readonly signNs: number;
  /** The first RST of the server's side; null: none. */
  readonly rstNs: number | null;
}

export interface PacketAccount {
  /** Connections that were accepted (SYN, ACK). */
  readonly connections: number;
  /** Ended first by a FIN, by an RST, of the server's side. */
  readonly serverFins: number;
  readonly serverRsts: number;
  readonly deaths: readonly PacketDeath[];
}

export interface CaptureReport {
  /** Relative to the run's folder. */
  readonly file: string;
  readonly packets: number;
  /** Why the packets cannot be held against the books, for people; null: they can. */
  readonly incompleteBecause: string | null;
  readonly account: PacketAccount;
}

export interface RunningCapture {
  /** Ends tcpdump and reads what it wrote. Never throws: what went wrong is in the report. */
  stop(): Promise<CaptureReport>;
}
