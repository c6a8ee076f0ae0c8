/** Any text as a part of a file name or an anchor: small letters, digits, and hyphens. */

/** @param kept Further characters that stay, as in a regular expression's brackets. */
export function slug(text: string, kept = ''): string {
  return text
    .toLowerCase()
    .replaceAll(new RegExp(`[^a-z0-9${kept}]+`, 'g'), '-')
    .replaceAll(/^-|-$/g, '');
}

/** The wanted name, or with the first number behind it that nothing has taken. */
export function uniqueName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}-${number}`;
  return name;
}
