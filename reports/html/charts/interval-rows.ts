/**
 * Estimates with their intervals, one row per strategy, one panel per figure, all panels from zero.
 * Wide, the panels stand side by side and share the names; narrow, they stand one below the other.
 */
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import { shortened } from '../../../harness/base/wrap-text.ts';
import type { Estimate } from '../../../harness/contract/summary.ts';
import { isKnown, notAvailable, type Scale } from '../../format.ts';
import type { Markup } from '../markup.ts';
import { marker, strategyMarker } from '../palette.ts';
import type { ChartRow } from './chart-row.ts';
import { renderSvg } from './render-svg.ts';
import { ticksUpTo, tickText } from './ticks.ts';

export interface IntervalPanel {
  readonly title: string;
  readonly scale: Scale;
  /** One per row. */
  readonly estimates: readonly Estimate[];
  /** One per row: an expected value to compare with, drawn as an upright mark. */
  readonly marks?: readonly (number | null)[];
  /** One per row: whether the upper bound rests on an assumption, which a dashed line shows. */
  readonly isAssumed?: readonly boolean[];
  /** Beside each row's line, for example `2.9` or `0 of 8,000`; one per row. */
  readonly texts: readonly string[];
}

export interface IntervalRows {
  readonly label: string;
  readonly rows: readonly ChartRow[];
  readonly panels: readonly IntervalPanel[];
  readonly layout: 'wide' | 'narrow';
}

const rowHeight = 30;
/** Between panels that stand one below the other. */
const stackGap = 18;
const titleHeight = 34;
const axisHeight = 30;
const panelGap = 34;

export function intervalRows({ label, rows, panels, layout }: IntervalRows): Markup {
  const isWide = layout === 'wide';
  const width = isWide ? 1_080 : 360;
  const nameWidth = isWide ? 170 : 112;
  const panelWidth = isWide
    ? (width - nameWidth - panelGap * (panels.length - 1)) / panels.length
    : width - nameWidth;
  const plotHeight = rowHeight * rows.length;
  const panelHeight = titleHeight + plotHeight + axisHeight + (isWide ? 0 : stackGap);
  const boxes = panels.map((_, index) => ({
    left: isWide ? nameWidth + index * (panelWidth + panelGap) : nameWidth,
    top: (isWide ? 0 : index * panelHeight) + titleHeight,
    width: panelWidth,
    height: plotHeight,
  }));
  const maxima = panels.map((panel) => panelMax(panel, panelWidth));
  return renderSvg(
    {
      title: panels.map(({ title, scale }, index) => ({
        text: scale.unit === '' ? title : `${title}, ${scale.unit}`,
        left: isWide ? boxes[index].left - 5 : -5,
        top: boxes[index].top - titleHeight - 1,
        textStyle: { fontSize: 13, fontWeight: 600, color: marker.ink },
      })),
      grid: boxes,
      xAxis: panels.map((panel, index) => xAxis(panel, index, maxima[index])),
      yAxis: panels.map((_, index) => yAxis(rows, index, !isWide || index === 0, nameWidth)),
      series: panels.map((panel, index) => series(panel, rows, index)),
    },
    { label, width, height: isWide ? panelHeight : panelHeight * panels.length },
  );
}

/** Room to the right of the largest bound for the figure that stands there. */
function panelMax({ estimates, marks, texts }: IntervalPanel, width: number): number {
  const bounds = [...estimates.flatMap(({ estimate, high }) => [estimate, high]), ...(marks ?? [])];
  const largest = Math.max(0, ...bounds.filter(isKnown));
  const textWidth = 14 + 6.6 * Math.max(...texts.map(({ length }) => length));
  return largest === 0 ? 1 : largest / Math.max(0.35, 1 - textWidth / width);
}

function xAxis({ scale, estimates }: IntervalPanel, gridIndex: number, max: number) {
  const hasFigures = estimates.some(({ estimate }) => isKnown(estimate) && estimate > 0);
  const ticks = hasFigures ? ticksUpTo(max, 3, scale.size) : [0];
  return {
    gridIndex,
    type: 'value',
    min: 0,
    max,
    axisLine: { show: false },
    axisTick: { show: false, customValues: ticks },
    splitLine: { show: false },
    axisLabel: {
      customValues: ticks,
      fontSize: 12,
      color: marker.muted,
      formatter: (value: number) => tickText(value, scale.size),
    },
  };
}

function yAxis(rows: readonly ChartRow[], gridIndex: number, isNamed: boolean, nameWidth: number) {
  const characters = Math.floor((nameWidth - 12) / 6.8);
  return {
    gridIndex,
    type: 'category',
    data: rows.map((_, row) => row),
    inverse: true,
    axisLine: { show: true, lineStyle: { color: marker.muted } },
    axisTick: { show: false },
    axisLabel: {
      show: isNamed,
      interval: 0,
      fontSize: 13,
      color: marker.ink,
      formatter: (_: string, row: number) => shortened(rows[row].name, characters),
    },
  };
}

function series(
  { estimates, marks, isAssumed, texts }: IntervalPanel,
  rows: readonly ChartRow[],
  axisIndex: number,
) {
  const data = estimates.map(({ estimate, low, high }, row) => [
    row,
    estimate ?? Number.NaN,
    low ?? Number.NaN,
    high ?? Number.NaN,
    marks?.[row] ?? Number.NaN,
    isAssumed?.[row] === true ? 1 : 0,
  ]);
  return {
    type: 'custom',
    xAxisIndex: axisIndex,
    yAxisIndex: axisIndex,
    silent: true,
    encode: { y: 0, x: [1, 2, 3, 4] },
    data,
    renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) =>
      rowShapes(
        data[params.dataIndex],
        texts[params.dataIndex],
        strategyMarker(rows[params.dataIndex].position),
        (value, row) => api.coord([value, row]),
      ),
  };
}

function rowShapes(
  [row, estimate, low, high, mark, assumed]: readonly number[],
  text: string,
  color: string,
  coord: (value: number, row: number) => number[],
) {
  const [zero, y] = coord(0, row);
  const x = (value: number) => coord(value, row)[0];
  const figureText = (at: number, words: string, fill: string) => ({
    type: 'text',
    style: { x: at + 10, y, text: words, fill, fontSize: 12.5, verticalAlign: 'middle' },
  });
  if (Number.isNaN(estimate)) {
    return { type: 'group', children: [figureText(zero, notAvailable, marker.muted)] };
  }
  const hasInterval = !Number.isNaN(low) && !Number.isNaN(high);
  const end = Math.max(estimate, hasInterval ? high : 0, Number.isNaN(mark) ? 0 : mark);
  const children: unknown[] = [line(zero, y, x(estimate), y, color, 7, { opacity: 0.22 })];
  if (hasInterval) {
    const lineDash = assumed === 1 ? [2, 3.5] : 'solid';
    children.push(line(x(low), y, x(high), y, color, 1.6, { lineDash }));
    children.push(
      line(x(low), y - 4, x(low), y + 4, color, 1.6),
      line(x(high), y - 4, x(high), y + 4, color, 1.6),
    );
  }
  children.push({ type: 'circle', shape: { cx: x(estimate), cy: y, r: 4.2 }, style: { fill: color } });
  if (mark > 0) children.push(...markShapes(x(mark), y));
  children.push(figureText(x(end), text, marker.ink));
  return { type: 'group', children };
}

/** The expected value: an upright line below a triangle. */
function markShapes(at: number, y: number) {
  const points = [
    [at, y - 10],
    [at - 4.5, y - 15],
    [at + 4.5, y - 15],
  ];
  const style = { fill: marker.paper, stroke: marker.ink, lineWidth: 1.2 };
  return [{ type: 'polygon', shape: { points }, style }, line(at, y - 10, at, y + 10, marker.ink, 1.2)];
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  lineWidth: number,
  { opacity = 1, lineDash = 'solid' as 'solid' | number[] } = {},
) {
  return {
    type: 'line',
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth, opacity, lineDash, lineCap: 'round', fill: 'none' },
  };
}
