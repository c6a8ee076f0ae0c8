/** A policy as people read it: the knobs in which it differs from the reference's, `part.knob value`. */
import type { Policy } from './policy.ts';

export interface KnobChange {
  readonly knob: string;
  readonly value: string;
  readonly referenceValue: string;
}

export function policyChanges(policy: Policy, reference: Policy): KnobChange[] {
  return (['connection', 'retry', 'server'] as const).flatMap((part) => {
    const before = new Map<string, unknown>(Object.entries(reference[part]));
    return Object.entries(policy[part]).flatMap(([knob, value]) => {
      const change = {
        knob: `${part}.${knob}`,
        value: settingText(value),
        referenceValue: settingText(before.get(knob)),
      };
      return change.value === change.referenceValue ? [] : [change];
    });
  });
}

/** A setting in words: lists joined, nothing set is "none". */
export function settingText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(settingText).join(', ');
  if (typeof value === 'object') {
    return (
      Object.entries(value)
        .map(([key, one]) => `${key} ${settingText(one)}`)
        .join(', ') || 'none'
    );
  }
  return String(value);
}
