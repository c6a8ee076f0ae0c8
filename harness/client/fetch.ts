/**
 * Node's own `fetch` behind the same contract, with a dispatcher per simulated client: instances of the undici that
 * Node ships, which is not the npm package's version. Its own settings: 4 s idle, the server's hint less 2 s.
 */
import { HarnessError } from '../base/errors.ts';
import { clientCarries, not } from '../contract/carries.ts';
import type { InProcessClient } from '../contract/client-kind.ts';
import { UndiciFleet, type UndiciSender } from './undici-fleet.ts';
import { type UndiciOptions, undiciKnobs, undiciLimits, undiciOptions } from './undici-options.ts';
import type { Connector } from './undici-sockets.ts';

interface Dispatcher {
  destroy(): Promise<void>;
}
type DispatcherClass = new (options: UndiciOptions & { connect: Connector }) => Dispatcher;

const noRetry = not('fetch does not retry requests');

let shipped: DispatcherClass | null = null;

export const fetchClient: InProcessClient = {
  id: 'fetch',
  title: "Node's fetch",
  summary:
    "Node's built-in fetch, with a dispatcher of Node's undici per simulated client; evicts by timer, and follows hints.",
  carries: clientCarries(
    { connection: undiciKnobs, retry: ['idempotencyKey'] },
    {
      ...undiciLimits('fetch'),
      'retry.attemptsMax': noRetry,
      'retry.methods': noRetry,
      'retry.on': noRetry,
      'retry.connection': noRetry,
      'retry.backoffMs': noRetry,
    },
  ),
  async load() {
    shipped = await shippedDispatcher();
  },
  open(setup) {
    if (shipped === null) throw new Error('opened before it was loaded');
    const Agent = shipped;
    const options = undiciOptions(setup);
    return new UndiciFleet(setup, (sockets): UndiciSender => {
      const agents = Array.from(
        { length: setup.plan.clients },
        (_, client) => new Agent({ ...options, connect: sockets.connector(client) }),
      );
      return {
        async send(client, { origin, path, method, headers, body, signal }) {
          const own = { method, headers, body, signal, redirect: 'manual', dispatcher: agents[client] };
          const response = await fetch(`${origin}${path}`, own as RequestInit);
          await response.arrayBuffer();
          return response.status;
        },
        async close() {
          await Promise.all(agents.map((agent) => agent.destroy().catch(() => {})));
        },
      };
    });
  },
};

/** Node gives its class to nobody, but leaves an instance where every version of undici finds it. */
async function shippedDispatcher(): Promise<DispatcherClass> {
  await fetch('data:,');
  const instance: unknown = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'));
  if (typeof instance !== 'object' || instance === null) {
    throw new HarnessError(
      'generator-failed',
      `Node ${process.version} does not show the dispatcher of its fetch.`,
      {
        hint: 'client: { kind: undici }',
      },
    );
  }
  return instance.constructor as DispatcherClass;
}
