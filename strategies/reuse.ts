/**
 * The reference: connections are kept and believed in.
 *
 * What many clients do out of the box (a zero Go Transport, Node's `http.Agent({keepAlive: true})`,
 * Python's requests): nothing looks at a connection's idle age, so a request can travel into a
 * connection that the server is just closing. Costs nothing, and loses about W·f(T).
 */
import { strategy } from '../harness/contract/strategy.ts';

export const reuse = strategy({
  id: 'reuse',
  title: 'Reuse',
  summary:
    'Keeps connections and reuses them without a check; the fastest strategy, and requests that race fail.',
  options: {},
  policy: () => ({}),
});
