/**
 * The one place where text that came from outside (names, labels, reasons, paths) is made harmless
 * for the format that it goes into. It shortens nothing and changes no wording. No `stripVTControlCharacters`: it
 * removes escape sequences only, and here every control character and every bidirectional mark becomes visible.
 */

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML text and quoted attributes alike. */
export function escapeHtml(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => htmlEntities[character] ?? '');
}

/** For a line of Markdown, table cells included: no markup, no HTML, no links, no mentions. */
export function escapeMarkdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]|~#$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, ':&#47;&#47;');
}

/** For a terminal: escape sequences and line breaks in a name must not move the cursor. */
export function escapeTerminal(text: string): string {
  return oneLine(text);
}

function oneLine(text: string): string {
  return withoutControls(text.replace(/\s+/g, ' '));
}

/** Control characters, and the marks that turn the direction of writing, become visible as `�`. */
export function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t' ? character : '\ufffd',
  );
}
