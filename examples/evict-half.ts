/**
 * A strategy of one's own: drops connections after a share of the server's idle timeout. A file like
 * this is named in the matrix by its path; it needs a default export of this shape and no import.
 */
export default {
  id: 'evict-half',
  title: 'Evict at half the timeout',
  summary:
    'Drops connections at a share of the server’s idle timeout; far from the race, and far from cheap.',
  defaults: { share: 0.5 },
  policy(options: { share: number }, facts: { peerIdleTimeoutMs: number }) {
    if (!(options.share > 0 && options.share < 1)) {
      throw new RangeError(`"share" must lie between 0 and 1: current value is ${options.share}`);
    }
    return { connection: { idleTimeoutMs: facts.peerIdleTimeoutMs * options.share } };
  },
};
