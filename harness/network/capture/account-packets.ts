/**
 * What became of each connection, told from its packets alone: pure, and it knows nothing of the client's books.
 *
 * A request is the client's payload since the last answer. It died when the server's side ended the connection,
 * by FIN or RST, and no byte of an answer came after the request. The one that ended it first is the sign:
 * a FIN that a request crosses is followed by an RST, and the client has seen the FIN.
 */
import type { PacketAccount, PacketDeath } from '../../contract/capture.ts';
import type { Segment } from './read-pcap.ts';

interface Flow {
  /** First segment of the request that waits for its answer; NaN: none does. */
  requestNs: number;
  answers: number;
  /** The server's side ended it; NaN: it has not. */
  signNs: number;
  sign: 'fin' | 'rst';
  rstNs: number | null;
  /** The client ended it first: what follows is no sign for anybody. */
  isGivenUp: boolean;
}

/**
 * @param serverPort Of what the client talks to.
 * @param offsetNs Added to wall-clock times, to lie on the axis of the trial's other times.
 */
export function accountPackets(
  segments: Iterable<Segment>,
  serverPort: number,
  offsetNs: number,
): PacketAccount {
  const open = new Map<number, Flow>();
  const ended: [port: number, flow: Flow][] = [];
  let connections = 0;
  for (const segment of segments) {
    const fromClient = segment.targetPort === serverPort;
    const port = fromClient ? segment.sourcePort : segment.targetPort;
    if (segment.syn && !segment.ack) {
      const before = open.get(port);
      if (before !== undefined) ended.push([port, before]);
      open.set(port, newFlow());
    }
    const flow = open.get(port);
    if (flow === undefined) continue; // it began before the capture did
    // A connection that was refused never was one.
    if (segment.syn && segment.ack) connections++;
    if (fromClient) noteClient(flow, segment, segment.wallNs + offsetNs);
    else noteServer(flow, segment, segment.wallNs + offsetNs);
  }
  const flows = [...ended, ...open];
  const signed = flows.filter(([, { signNs }]) => !Number.isNaN(signNs));
  return {
    connections,
    serverFins: signed.filter(([, { sign }]) => sign === 'fin').length,
    serverRsts: signed.filter(([, { sign }]) => sign === 'rst').length,
    deaths: signed.flatMap(([port, flow]) => deathOf(port, flow)),
  };
}

function newFlow(): Flow {
  return {
    requestNs: Number.NaN,
    answers: 0,
    signNs: Number.NaN,
    sign: 'fin',
    rstNs: null,
    isGivenUp: false,
  };
}

function noteClient(flow: Flow, { payloadBytes, fin, rst }: Segment, atNs: number): void {
  if (payloadBytes > 0 && Number.isNaN(flow.requestNs)) flow.requestNs = atNs;
  if ((fin || rst) && Number.isNaN(flow.signNs)) flow.isGivenUp = true;
}

function noteServer(flow: Flow, { payloadBytes, fin, rst, syn }: Segment, atNs: number): void {
  if (payloadBytes > 0 && !syn) {
    flow.answers++;
    flow.requestNs = Number.NaN;
  }
  if (flow.isGivenUp) return;
  if ((fin || rst) && Number.isNaN(flow.signNs)) {
    flow.signNs = atNs;
    flow.sign = rst ? 'rst' : 'fin';
  }
  if (rst) flow.rstNs ??= atNs;
}

function deathOf(clientPort: number, { requestNs, answers, signNs, sign, rstNs }: Flow): PacketDeath[] {
  if (Number.isNaN(requestNs)) return [];
  return [{ clientPort, sign, reused: answers > 0, requestNs, signNs, rstNs }];
}
