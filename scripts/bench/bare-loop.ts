/**
 * The platform's limit: a closed loop over `node:net` that only counts answers. It writes as
 * the lean client does and assumes that every answer is as long as the first. Prints answers per second after a warm-up.
 * Run by the engine benchmark in a separate process: `node bare-loop.ts URL CONNECTIONS SECONDS`.
 */
import { connect } from 'node:net';
import { writeText } from '../../harness/client/raw-write.ts';

const [url, connections, seconds] = process.argv.slice(2);
const { hostname, port, host } = new URL(url);
const request = `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
const buffer = Buffer.allocUnsafe(65_536);
const warmupMs = 500;
const startMs = performance.now() + warmupMs;
const endMs = startMs + Number(seconds) * 1_000;
let answers = 0;
let answerBytes = 0;

for (let index = 0; index < Number(connections); index++) open();
process.on('exit', () => console.log((answers / Number(seconds)).toFixed(0)));

function open(): void {
  let bytes = 0;
  const callback = (read: number): boolean => {
    if (answerBytes === 0) answerBytes = read;
    bytes += read;
    if (bytes < answerBytes) return true;
    bytes = 0;
    const nowMs = performance.now();
    if (nowMs >= startMs) answers++;
    if (nowMs < endMs) writeText(socket, request);
    else socket.destroy();
    return true;
  };
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } });
  socket.on('connect', () => writeText(socket, request));
}
