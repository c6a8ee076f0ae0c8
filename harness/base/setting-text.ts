/** A setting's value as text: lists are joined, and null is "none". */
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
