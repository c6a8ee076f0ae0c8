/** Fits text to a width: breaks lines at spaces, and cuts and pads cells. Widths count characters, not bytes. */
import wrapAnsi from 'wrap-ansi';

/**
 * Lines of at most `columns` columns. A number stays with its percent sign; a word longer than a
 * line is cut.
 * @param first Stands before the first line. @param rest Stands before the others.
 */
export function wrapText(text: string, columns: number, first = '', rest = first): string[] {
  const room = columns - Math.max(widthOf(first), widthOf(rest));
  return wrapAnsi(text.replace(/(\d) %/g, '$1\u00a0%'), room, { hard: true })
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .map((line, row) => `${row === 0 ? first : rest}${line}`);
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
