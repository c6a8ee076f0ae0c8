/**
 * The time line as strips: one row per strategy, one panel per figure, all strips of a panel on one
 * scale, so that calm and trouble are seen at a glance. The peak of each strip is written beside it.
 */

import { shortened } from '../../../harness/base/wrap-text.ts';
import { isKnown, type Scale } from '../../format.ts';
import type { Markup } from '../markup.ts';
import { marker, strategyMarker } from '../palette.ts';
import type { ChartRow } from './chart-row.ts';
import { renderSvg } from './render-svg.ts';
import { ticksUpTo } from './ticks.ts';

export interface TimePanel {
  readonly title: string;
  readonly scale: Scale;
  /** Row by row, one value per bin of time; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
}

export interface TimeStrips {
  readonly label: string;
  readonly rows: readonly ChartRow[];
  readonly panels: readonly TimePanel[];
  /** Length of a bin, in s. */
  readonly binSeconds: number;
  readonly layout: 'wide' | 'narrow';
}

const rowHeight = 40;
/** Between panels that stand one below the other. */
const stackGap = 18;
const titleHeight = 30;
const axisHeight = 34;
const peakWidth = 58;
/** Share of a row that its highest strip fills. */
const fill = 0.78;

export function timeStrips({ label, rows, panels, binSeconds, layout }: TimeStrips): Markup {
  const names = rows.map(({ name }) => name);
  const isWide = layout === 'wide';
  const width = isWide ? 1_080 : 360;
  const nameWidth = isWide ? 170 : 112;
  const panelWidth = isWide ? (width - nameWidth) / panels.length : width - nameWidth;
  const plotHeight = rowHeight * rows.length;
  const panelHeight = titleHeight + plotHeight + axisHeight + (isWide ? 0 : stackGap);
  const seconds =
    binSeconds * Math.max(1, ...panels.flatMap(({ values }) => values.map(({ length }) => length)));
  const grid = panels.map((_, index) => ({
    left: nameWidth + (isWide ? index * panelWidth : 0),
    top: titleHeight + (isWide ? 0 : index * panelHeight),
    width: panelWidth - peakWidth,
    height: plotHeight,
  }));
  return renderSvg(
    {
      title: panels.map(({ title, scale }, index) => ({
        text: scale.unit === '' ? title : `${title}, ${scale.unit}`,
        left: isWide ? grid[index].left - 5 : -5,
        top: grid[index].top - titleHeight - 1,
        textStyle: { fontSize: 13, fontWeight: 600, color: marker.ink },
      })),
      grid,
      xAxis: panels.map((_, gridIndex) => xAxis(gridIndex, seconds)),
      yAxis: panels.flatMap((panel, gridIndex) => [
        rowAxis(
          gridIndex,
          rows.length,
          'left',
          !isWide || gridIndex === 0 ? names : [],
          (nameWidth - 12) / 6.8,
        ),
        rowAxis(gridIndex, rows.length, 'right', peaks(panel), 9),
      ]),
      series: panels.flatMap((panel, index) => strips(panel, rows, index, binSeconds)),
    },
    { label, width, height: isWide ? panelHeight : panelHeight * panels.length },
  );
}

function xAxis(gridIndex: number, seconds: number) {
  const ticks = ticksUpTo(seconds, 4);
  return {
    gridIndex,
    type: 'value',
    min: 0,
    max: seconds,
    axisLine: { show: false },
    axisTick: { show: false, customValues: ticks },
    splitLine: { show: false },
    axisLabel: {
      customValues: ticks,
      fontSize: 12,
      color: marker.muted,
      formatter: (value: number) => (value === 0 ? '0 s' : `${Number(value.toFixed(3))}`),
    },
  };
}

/** Row r lies between count − 1 − r and count − r; texts stand at the middle of their rows. */
function rowAxis(
  gridIndex: number,
  count: number,
  position: 'left' | 'right',
  texts: readonly string[],
  characters: number,
) {
  const middles = Array.from({ length: count }, (_, row) => count - row - 0.62);
  return {
    gridIndex,
    type: 'value',
    position,
    min: 0,
    max: count,
    axisLine: { show: false },
    // Rules follow the ticks: one below each row.
    axisTick: { show: false, customValues: Array.from({ length: count + 1 }, (_, row) => row) },
    splitLine: { show: position === 'left', lineStyle: { color: marker.rule } },
    axisLabel: {
      show: texts.length > 0,
      customValues: middles,
      fontSize: position === 'left' ? 13 : 12,
      color: position === 'left' ? marker.ink : marker.muted,
      margin: 8,
      formatter: (value: number) =>
        shortened(texts[Math.round(count - 0.62 - value)] ?? '', Math.floor(characters)),
    },
  };
}

function peaks({ values, scale }: TimePanel): string[] {
  return values.map((row) => {
    const known = row.filter(isKnown);
    return known.length === 0 ? 'n/a' : scale.number(Math.max(...known));
  });
}

function strips({ values }: TimePanel, rows: readonly ChartRow[], panel: number, binSeconds: number) {
  const largest = Math.max(...values.flat().filter(isKnown), 0) || 1;
  return rows.map(({ position }, row) => {
    const base = rows.length - 1 - row;
    const color = strategyMarker(position);
    return {
      type: 'line',
      xAxisIndex: panel,
      yAxisIndex: panel * 2,
      // A value stands at the middle of its bin.
      data: values[row].map((value, bin) => [
        (bin + 0.5) * binSeconds,
        isKnown(value) ? base + (value / largest) * fill : '-',
      ]),
      symbol: values[row].length === 1 ? 'circle' : 'none',
      symbolSize: 5,
      itemStyle: { color },
      silent: true,
      clip: false,
      lineStyle: { color, width: 1.8 },
      areaStyle: { color, opacity: 0.16, origin: base },
      emphasis: { disabled: true },
    };
  });
}
