import { expect, test } from 'vitest';
import { marker, strategyMarker, strategyVariable, themed, themeVariables } from './palette.ts';

/** WCAG 2.2 contrast ratio of two colours written `#rrggbb`. */
function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const colorsOf = (theme: 'light' | 'dark') =>
  new Map(
    [...themeVariables(theme).matchAll(/--(\w+):(#[0-9a-f]{6})/g)].map(([, name, color]) => [name, color]),
  );

const pairs = (['light', 'dark'] as const).flatMap((theme) => {
  const colors = colorsOf(theme);
  const text = ['ink', 'muted', 'better', 'worse'].flatMap((name) =>
    ['paper', 'raised'].map((ground) => ({ theme, name, ground, least: 4.5 })),
  );
  const graphics = [...colors.keys()]
    .filter((name) => /^s\d$/.test(name))
    .map((name) => ({ theme, name, ground: 'paper', least: 3 }));
  return [...text, ...graphics];
});

test.each(pairs)(
  '$name on $ground has a contrast of at least $least ($theme)',
  ({ theme, name, ground, least }) => {
    const colors = colorsOf(theme);
    expect(contrast(colors.get(name) ?? '', colors.get(ground) ?? '')).toBeGreaterThanOrEqual(least);
  },
);

test('themed() turns markers into variables of both themes', () => {
  for (const [name, color] of Object.entries(marker)) expect(themed(color)).toBe(`var(--${name})`);
  for (let position = 0; position < 20; position++) {
    expect(themed(strategyMarker(position))).toBe(strategyVariable(position));
    expect(themeVariables('dark')).toContain(`${strategyVariable(position).slice(4, -1)}:`);
  }
});
