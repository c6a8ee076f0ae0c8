/** Converts a text to a part of a file name or an anchor: lowercase letters, digits, and hyphens. */

/** @param kept More characters to keep, as in the brackets of a regular expression. */
export function slug(text: string, kept = ''): string {
  return text
    .toLowerCase()
    .replaceAll(new RegExp(`[^a-z0-9${kept}]+`, 'g'), '-')
    .replaceAll(/^-|-$/g, '');
}

/** The requested name, with a number appended if the name is taken. */
export function uniqueName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}-${number}`;
  return name;
}
