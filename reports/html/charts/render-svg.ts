/**
 * An ECharts option as an SVG that can stand in the page: no script, no style sheet, no fixed size,
 * colours from the page's variables, no identifiers. Nothing is clipped: an option must stay inside its frame. The only place that knows ECharts.
 */
import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml } from '../../escape.ts';
import type { Markup } from '../markup.ts';
import { themed } from '../palette.ts';

use([CustomChart, LineChart, GridComponent, TitleComponent, SVGRenderer]);

export interface ChartFrame {
  /** Said instead of the picture by a screen reader. */
  readonly label: string;
  /** In CSS px; the picture scales with its column. */
  readonly width: number;
  readonly height: number;
}

export function renderSvg(option: EChartsCoreOption, frame: ChartFrame): Markup {
  const { width, height } = frame;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'inherit' }, ...option });
    return { markup: pageSvg(chart.renderToSVGString(), frame) };
  } finally {
    chart.dispose();
  }
}

/** Text in the SVG is escaped by ECharts, so everything between `<` and `>` is a tag. */
function pageSvg(svg: string, { label, width, height }: ChartFrame): string {
  const opening = `<svg class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(label)}">`;
  return svg
    .replace(/^<svg[^>]*>/, opening)
    .replace(/<(style|defs)\s*>[\s\S]*?<\/\1>/g, '')
    .replace(/<path [^>]*fill-opacity="0"[^>]*><\/path>/g, '')
    .replace(/<rect [^>]*fill="none"><\/rect>/, '')
    .replace(/<[^>]+>/g, (tag) => (tag === opening ? tag : slim(tag)))
    .replace(/\n+/g, '');
}

function slim(tag: string): string {
  return themed(tag)
    .replace(/ (class|clip-path|pointer-events|xml:space|stroke-miterlimit|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/font-family:[^;"]*;?/g, '')
    .replace(/ (?:d|transform)="[^"]*"/g, (attribute) => attribute.replace(/(\.\d)\d+/g, '$1'));
}
