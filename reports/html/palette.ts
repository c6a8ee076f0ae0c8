/**
 * One colour per strategy, the same in every table and chart, told apart by people with any common
 * kind of colour vision (after Okabe and Ito), with a value for light and one for dark. Charts are
 * drawn with marker colours, which `themed` turns into CSS variables afterwards.
 */

/** Reference first: it is drawn in ink. [light, dark], each at least 3:1 on its paper. */
const strategyColors = [
  ['#33373d', '#e4e1d8'],
  ['#0066a6', '#62b1ea'],
  ['#c24a00', '#f28b4e'],
  ['#007a5a', '#3fc79c'],
  ['#96478f', '#dc9bd6'],
  ['#806300', '#dcb945'],
  ['#2a8ab8', '#a4dbf5'],
  ['#a8324e', '#f58aa2'],
  ['#5d7a00', '#b4d455'],
] as const;

const themeColors = {
  ink: ['#1d2024', '#eceae4'],
  muted: ['#5b6168', '#a9aaa6'],
  rule: ['#dcd9d1', '#3a3d41'],
  paper: ['#fcfbf8', '#16181b'],
  raised: ['#f4f2ec', '#1f2226'],
  better: ['#00694d', '#4fd0a6'],
  worse: ['#a63d00', '#f59a63'],
} as const;

/** Stand-ins that a chart library treats as plain colours. */
export const marker = { ink: '#570100', muted: '#570101', rule: '#570102', paper: '#570103' } as const;

/** @param position The strategy's place, the reference's being 0. */
export function strategyMarker(position: number): string {
  return `#5702${(position % strategyColors.length).toString(16).padStart(2, '0')}`;
}

export function strategyVariable(position: number): string {
  return `var(--s${position % strategyColors.length})`;
}

/** Marker colours in an SVG's tags become variables of the page. */
export function themed(tag: string): string {
  const names = ['ink', 'muted', 'rule', 'paper'];
  return tag
    .replace(/#5701([0-9a-f]{2})/g, (_, number: string) => `var(--${names[Number.parseInt(number, 16)]})`)
    .replace(/#5702([0-9a-f]{2})/g, (_, number: string) => `var(--s${Number.parseInt(number, 16)})`);
}

/** The variables' declarations for one theme. */
export function themeVariables(theme: 'light' | 'dark'): string {
  const of = (pair: readonly [string, string]) => pair[theme === 'light' ? 0 : 1];
  return [
    ...Object.entries(themeColors).map(([name, pair]) => `--${name}:${of(pair)}`),
    ...strategyColors.map((pair, position) => `--s${position}:${of(pair)}`),
  ].join(';');
}
