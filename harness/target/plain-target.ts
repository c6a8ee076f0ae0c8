/** An embedded target with nothing to it: answers at once with 128 bytes, advertises nothing, commits no faults. */
import type { TargetConfigOf } from '../contract/target.ts';

export type EmbeddedConfig = TargetConfigOf<'embedded'>;

export const plainTarget: EmbeddedConfig = {
  kind: 'embedded',
  /** Longer than any trial that is made by hand lasts. */
  idleTimeoutMs: 120_000,
  idleJitterMs: 0,
  tls: false,
  insecure: false,
  advertise: null,
  serviceMs: { kind: 'fixed', value: 0 },
  serviceBy: 'wait',
  responseBytes: { kind: 'fixed', value: 128 },
  faults: {},
  faultMs: 1_000,
};
