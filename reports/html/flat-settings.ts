/** A nested setting as one line per value: `target.serviceMs.value` → `1`. */
import { settingText } from '../../harness/base/setting-text.ts';

export function flatSettings(settings: object): Map<string, string> {
  return new Map(linesOf(settings, ''));
}

function linesOf(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, settingText(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return path === '' ? [] : [[path, 'none']];
  return entries.flatMap(([key, one]) => linesOf(one, path === '' ? key : `${path}.${key}`));
}
