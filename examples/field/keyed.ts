/** Sends an `Idempotency-Key` with each request, and leaves it to the client whether it sends one again. */
export default {
  id: 'keyed',
  title: 'Idempotency key',
  summary: 'Marks each request as one that may be sent again; costs the server a store of keys.',
  defaults: {},
  policy: () => ({ retry: { idempotencyKey: true } }),
};
