/**
 * Response time by percentile on a nines axis: each further nine has the same width, so the rare
 * slow answers get the room that they deserve. One curve per strategy, named at its end.
 */
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import { shortened } from '../../../harness/base/wrap-text.ts';
import type { StrategySummary } from '../../../harness/contract/summary.ts';
import { scaleFor } from '../../format.ts';
import type { Markup } from '../markup.ts';
import { marker, strategyMarker } from '../palette.ts';
import type { ChartRow } from './chart-row.ts';
import { renderSvg } from './render-svg.ts';
import { ticksUpTo, tickText } from './ticks.ts';

export interface PercentileCurve {
  readonly label: string;
  readonly rows: readonly ChartRow[];
  /** One per row. */
  readonly curves: readonly StrategySummary['responseTimeCurve'][];
  readonly layout: 'wide' | 'narrow';
}

interface Curve {
  readonly label: string;
  readonly color: string;
  readonly dash: readonly number[] | 'solid';
  readonly points: readonly (readonly [number, number])[];
}

const labelHeight = 17;
/** Above this ratio of slowest to fastest, equal steps on the axis are equal factors. */
const linearRatioMax = 60;
const dashes = ['solid', [7, 4], [2, 3]] as const;

export function percentileCurve({ label, rows, curves: given, layout }: PercentileCurve): Markup {
  const isWide = layout === 'wide';
  const width = isWide ? 1_080 : 360;
  const height = isWide ? 420 : 340;
  const plot = { left: 52, right: isWide ? 150 : 96, top: 30, bottom: 34 };
  const curves = rows.map(({ name, position }, row) => ({
    label: name,
    color: strategyMarker(position),
    dash: dashes[Math.floor(position / 9) % dashes.length],
    points: given[row]
      .filter(({ percentile, ms }) => percentile < 100 && Number.isFinite(ms))
      .map(({ percentile, ms }) => [nines(percentile), ms] as const),
  }));
  const vertical = verticalAxis(curves.flatMap(({ points }) => points.map(([, ms]) => ms)));
  const ninesMax = Math.max(1, ...curves.flatMap(({ points }) => points.map(([x]) => x)));
  const bottom = height - plot.bottom;
  const ends = labelPositions(curves, (ms) => bottom - vertical.share(ms) * (bottom - plot.top), bottom);
  return renderSvg(
    {
      title: {
        text: vertical.title,
        left: -5,
        top: -4,
        textStyle: { fontSize: 13, fontWeight: 600, color: marker.ink },
      },
      grid: plot,
      xAxis: xAxis(ninesMax),
      yAxis: vertical.option,
      series: [
        ...[...curves].reverse().map(lineSeries),
        endLabels(curves, ends, width - plot.right, isWide ? 20 : 11),
      ],
    },
    { label, width, height },
  );
}

/** 0 → 0, 90 → 1, 99 → 2, 99.9 → 3. */
function nines(percentile: number): number {
  return -Math.log10(1 - percentile / 100);
}

function xAxis(ninesMax: number) {
  const ticks = [50, 90, 99, 99.9, 99.99, 99.999].map(nines).filter((tick) => tick <= ninesMax + 1e-9);
  return {
    type: 'value',
    min: 0,
    max: ninesMax,
    axisLine: { lineStyle: { color: marker.muted } },
    axisTick: { show: false, customValues: ticks },
    splitLine: { show: true, lineStyle: { color: marker.rule } },
    axisLabel: {
      customValues: ticks,
      fontSize: 12,
      color: marker.muted,
      formatter: (value: number) => `p${Number(((1 - 10 ** -value) * 100).toFixed(5))}`,
    },
  };
}

/** From zero, unless the slowest would flatten all others. */
function verticalAxis(all: readonly number[]) {
  const slowest = Math.max(1e-3, ...all);
  const fastest = Math.min(slowest, ...all.map((ms) => Math.max(1e-3, ms)));
  const { unit, size } = scaleFor('durationMs', [slowest]);
  const isLog = slowest / fastest > linearRatioMax;
  const min = isLog ? 10 ** Math.floor(Math.log10(fastest)) : 0;
  const max = isLog ? 10 ** Math.ceil(Math.log10(slowest)) : slowest * 1.02;
  const ticks = isLog ? [] : ticksUpTo(slowest, 5, size);
  const shown = isLog ? {} : { customValues: ticks };
  return {
    title: `Response time, ${unit}${isLog ? ' (logarithmic)' : ''}`,
    /** Height over the axis as a share of the plot's. */
    share: (ms: number) =>
      isLog ? Math.log(Math.max(ms, min) / min) / Math.log(max / min) : (ms - min) / (max - min),
    option: {
      type: isLog ? 'log' : 'value',
      min,
      max,
      axisLine: { show: false },
      axisTick: { show: false, ...shown },
      splitLine: { show: true, lineStyle: { color: marker.rule } },
      axisLabel: {
        ...shown,
        fontSize: 12,
        color: marker.muted,
        formatter: (value: number) => tickText(value, size),
      },
    },
  };
}

function lineSeries({ color, dash, points }: Curve) {
  return {
    type: 'line',
    data: points,
    symbol: 'none',
    silent: true,
    clip: false,
    lineStyle: { color, width: 2, type: dash },
    emphasis: { disabled: true },
  };
}

/** Where each name stands, in px from the top: at its curve's end, moved apart where they would touch. */
function labelPositions(curves: readonly Curve[], y: (ms: number) => number, bottom: number): number[] {
  const wanted = curves.flatMap(({ points }, index) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ index, at: y(last[1]) }];
  });
  wanted.sort((a, b) => a.at - b.at);
  for (let place = 1; place < wanted.length; place++) {
    wanted[place].at = Math.max(wanted[place].at, wanted[place - 1].at + labelHeight);
  }
  let limit = bottom;
  for (const one of [...wanted].reverse()) {
    one.at = Math.min(one.at, limit);
    limit = one.at - labelHeight;
  }
  const positions = new Array<number>(curves.length).fill(Number.NaN);
  for (const { index, at } of wanted) positions[index] = at;
  return positions;
}

function endLabels(curves: readonly Curve[], ends: readonly number[], left: number, characters: number) {
  const shown = curves.flatMap((curve, index) => {
    const last = curve.points.at(-1);
    return last === undefined ? [] : [{ curve, last, at: ends[index] }];
  });
  return {
    type: 'custom',
    silent: true,
    clip: false,
    data: shown.map(({ last }) => [...last]),
    renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      const { curve, last, at } = shown[params.dataIndex];
      const [x, y] = api.coord([...last]);
      const leader = {
        points: [
          [x, y],
          [left + 6, at],
          [left + 14, at],
        ],
      };
      const text = shortened(curve.label, characters);
      return {
        type: 'group',
        children: [
          {
            type: 'polyline',
            shape: leader,
            style: { stroke: curve.color, lineWidth: 1, fill: 'none', opacity: 0.7 },
          },
          { type: 'circle', shape: { cx: left + 17, cy: at, r: 3.5 }, style: { fill: curve.color } },
          {
            type: 'text',
            style: { x: left + 25, y: at, text, fill: marker.ink, fontSize: 12.5, verticalAlign: 'middle' },
          },
        ],
      };
    },
  };
}
