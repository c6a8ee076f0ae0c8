/**
 * HTML as tagged templates that escape whatever is put into them. Text can only reach the page
 * unescaped as `Markup`, which nothing but this file and the chart renderer make.
 */
import { escapeHtml } from '../escape.ts';

export interface Markup {
  readonly markup: string;
}

type Content = string | number | Markup | readonly Content[];

export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let markup = strings[0];
  for (const [index, content] of contents.entries()) markup += markupOf(content) + strings[index + 1];
  return { markup };
}

export const nothing: Markup = { markup: '' };

/** Prose: a number stays with its unit at the end of a line, and text in backticks is code. */
export function prose(text: string): Markup {
  const markup = escapeHtml(text)
    .replace(/(\d) (?=(?:%|ms|s|µs|KiB|MiB|GiB)\b|%)/g, '$1\u00a0')
    .replace(/(95\u00a0%) CI (?=\d)/g, '$1\u00a0CI\u00a0')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
  return { markup };
}

function markupOf(content: Content): string {
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return `${content}`;
  if ('markup' in content) return content.markup;
  return content.map(markupOf).join('');
}
