/** Text to a width: breaking lines at spaces, cutting and padding cells. It counts characters, not bytes. */

/**
 * Lines of at most `columns` characters. A number stays with its percent sign; a word longer than a
 * line is cut.
 * @param first Stands before the first line. @param rest Stands before the others.
 */
export function wrapText(text: string, columns: number, first = '', rest = first): string[] {
  const room = columns - Math.max(widthOf(first), widthOf(rest));
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .replace(/(\d) %/g, '$1\u00a0%')
    .split(' ')
    .flatMap((one) => pieces(one, room))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= room) {
      line = joined;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line].map((one, row) => `${row === 0 ? first : rest}${one.replaceAll('\u00a0', ' ')}`);
}

export function widthOf(text: string): number {
  return [...text].length;
}

/** Cut to `width` characters with an ellipsis as the last. */
export function shortened(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

export function padded(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'left' ? `${space}${text}` : `${text}${space}`;
}

function pieces(word: string, width: number): string[] {
  const characters = [...word];
  if (characters.length <= width) return [word];
  return [characters.slice(0, width).join(''), ...pieces(characters.slice(width).join(''), width)];
}
