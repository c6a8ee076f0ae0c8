/**
 * Settings as the terminal gets them: each text a file as it stands, with the command that writes it
 * and the notes in comments of its language, so that nothing is lost on the way into a code base.
 */
import { wrapText } from '../base/wrap-text.ts';
import type { SettingsText } from './settings-client.ts';

export interface RenderedSettings extends SettingsText {
  readonly id: string;
  readonly title: string;
}

/** @param commandFor Client id → the command that renders it again. */
export function settingsPage(
  rendered: readonly RenderedSettings[],
  commandFor: (client: string) => string,
): string {
  return rendered
    .map(({ id, title, text, language, notes }) => {
      const prefix = commentPrefix(language);
      const head = [
        `${prefix}${title}, by: ${commandFor(id)}`,
        ...notes.flatMap((note) => wrapText(note, 100, `${prefix}- `, `${prefix}  `)),
      ];
      return `${head.join('\n')}\n\n${text}`;
    })
    .join('\n');
}

const slashes = new Set(['go', 'js', 'java', 'rust', 'csharp']);

function commentPrefix(language: string): string {
  return slashes.has(language) ? '// ' : '# ';
}
