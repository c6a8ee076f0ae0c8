/** The frame of a section: heading, one line on how to read it, content; and of a chart in two widths. */
import { html, type Markup, prose } from './markup.ts';

export function section(level: 2 | 3, title: string, howToRead: string, content: Markup): Markup {
  const heading = level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`;
  return html`<section>${heading}<p class="how">${prose(howToRead)}</p>${content}</section>\n`;
}

/** The same chart drawn for a wide and for a narrow page; the style sheet shows one. */
export function chartInBothWidths(draw: (layout: 'wide' | 'narrow') => Markup): Markup {
  return html`<div class="wide">${draw('wide')}</div><div class="narrow">${draw('narrow')}</div>`;
}
