/** The page's one style sheet: type, rhythm, tables; light, dark and print; wide and narrow. */
import { themeVariables } from './palette.ts';

const sans = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";
const serif = "'Iowan Old Style', 'Palatino Linotype', Palatino, Charter, 'Liberation Serif', Georgia, serif";

export const styleSheet = `
:root{${themeVariables('light')}}
@media screen and (prefers-color-scheme:dark){:root{${themeVariables('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ${sans};font-variant-numeric:tabular-nums lining-nums}
main{max-width:1144px;margin:0 auto;padding:72px 32px 96px}
h1,h2{font-family:${serif};font-weight:500;text-wrap:balance}
h1{font-size:clamp(1.75rem,1.1rem + 2.4vw,2.75rem);line-height:1.18;letter-spacing:-.012em;margin:0 0 1.25rem;max-width:26em}
h1 code{font-size:.88em;line-height:1}
h2{font-size:1.75rem;line-height:1.25;margin:0 0 .35rem}
h3{font-size:1.05rem;line-height:1.35;margin:0 0 .35rem}
p{margin:0 0 .6rem}
a{color:inherit;text-decoration-color:var(--muted);text-underline-offset:3px}
:focus-visible{outline:2px solid var(--s1);outline-offset:3px}
.eyebrow{font-size:.875rem;color:var(--muted);margin-bottom:1.1rem;overflow-wrap:anywhere}
.lede{font-size:1.125rem;line-height:1.5;max-width:44em;margin-bottom:.3rem;overflow-wrap:anywhere}
.sizes{color:var(--muted);font-size:.9375rem;margin-top:1.5rem}
.how{color:var(--muted);max-width:46em;margin-bottom:1.6rem;font-size:.9375rem}
section,aside{margin-top:76px}
aside{background:var(--raised);padding:28px 32px 30px;border-radius:4px;margin-top:48px}
aside h2{font-size:1.375rem;margin-bottom:1.1rem}
.warnings{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(270px,1fr));gap:26px 40px;font-size:.9375rem;line-height:1.5}
.warnings>li{min-width:0}
.warnings b{font-weight:600}
.seen{margin:0 0 .5rem;padding:0;list-style:none;color:var(--muted);overflow-wrap:anywhere}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.35}
th,td{text-align:left;vertical-align:top;padding:9px 0 9px 20px;font-weight:400;border-bottom:1px solid var(--rule)}
thead th{vertical-align:bottom;border-bottom:1px solid var(--muted);font-size:.875rem;color:var(--muted);line-height:1.3}
th:first-child,td:first-child{padding-left:0}
.unit{display:block;min-height:1.3em}
.figures th:first-child{position:sticky;left:0;background:var(--paper);z-index:1;padding-right:12px}
.figures{font-size:.875rem}
.figures th,.figures td{padding-left:10px}
.figures th:first-child{padding-left:0}
.figures td{text-align:right;white-space:nowrap}
.figures thead th+th{text-align:right;font-size:.8125rem}
.unit{white-space:nowrap}
.figures tbody th{font-weight:500;max-width:190px}
.figures small{display:block;color:var(--muted);font-size:.8125rem}
.figures .missing{color:var(--muted);white-space:normal;font-size:.8125rem}
.figures .reference th,.figures .reference td{border-bottom-color:var(--muted)}
.overview td{background:color-mix(in srgb,var(--s2) var(--heat,0%),var(--paper));padding-right:10px}
.overview td small,.overview td{color:var(--ink)}
.overview tbody th,.overview thead th+th{max-width:230px;padding-right:10px}
.overview thead th .strategy.long{max-width:9.5em;text-align:left}
.strategy{display:inline-flex;align-items:baseline;gap:.55em;white-space:nowrap;min-width:0}
.strategy.long{white-space:normal;overflow-wrap:anywhere;min-width:8.5em}
.dot{flex:none;width:.6em;height:.6em;border-radius:50%;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.verdicts{list-style:none;margin:34px 0 0;padding:0;display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:22px 48px}
.verdicts p{margin:.15rem 0 0;font-size:.9375rem;line-height:1.5;overflow-wrap:anywhere}
.verdicts .strategy{font-weight:600}
.verdicts b{font-weight:600}
.better,.slightly-better{color:var(--better)}
.worse,.slightly-worse{color:var(--worse)}
.verdicts .slightly-better,.verdicts .slightly-worse,.verdicts .no-difference{font-weight:500}
.verdicts .undecided,.verdicts .not-available,.verdicts .no-verdict{color:var(--muted);font-weight:500}
.together{margin:26px 0 0}
.zeros{margin:14px 0 0}
.chart{display:block;width:100%;height:auto;overflow:visible;font-variant-numeric:tabular-nums}
.narrow{display:none}
.glossary,.facts{margin:22px 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px 40px;font-size:.9375rem}
.facts{grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:14px 32px}
dt{font-weight:600}
.facts dt{color:var(--muted);font-weight:400;font-size:.875rem}
dd{margin:0;overflow-wrap:anywhere}
summary{cursor:pointer}
.fold{border-top:1px solid var(--rule);padding:13px 0}
.fold:last-child{border-bottom:1px solid var(--rule)}
.fold>.scroll{margin-top:14px}
.plain{font-size:.875rem}
.plain td{padding:6px 0 6px 20px}
.plain ul{margin:0;padding:0;list-style:none}
.plain td:first-child{padding-left:0}
.plain .number{white-space:nowrap}
.overview a span{display:block}
.plain .left-out td{color:var(--worse)}
code{font:.9375em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;overflow-wrap:anywhere}
small{color:var(--muted)}
.scenario{border-top:1px solid var(--muted);margin-top:56px;padding-top:20px}
.scenario+.scenario{margin-top:20px}
.scenario>summary{list-style-position:outside;margin-left:1.1rem}
.scenario>summary h2{font-size:1.375rem;display:inline}
.scenario>summary p{margin:.3rem 0 0;color:var(--muted)}
.scenario section{margin-top:48px}
.scenario h3{font:500 1.25rem/1.3 ${serif}}
@media screen and (max-width:760px){
main{padding:36px 16px 64px}
section{margin-top:56px}
aside{margin:36px -16px 0;padding:24px 16px;border-radius:0}
h2{font-size:1.5rem}
.wide{display:none}
.narrow{display:block;max-width:480px}
.verdicts{grid-template-columns:minmax(0,1fr);gap:18px}
th,td,.figures th,.figures td{padding-left:16px}
.figures tbody th{max-width:128px}
.figures thead th:first-child{min-width:112px}
}
@media print{
:root{--paper:#fff}
html,body{font-size:9.5px}
main{max-width:none;padding:0}
section,aside{margin-top:30px}
.how{margin-bottom:10px}
.warnings>li,.verdicts>li,tr,.chart{break-inside:avoid}
h2,h3,.how{break-after:avoid}
.scroll{overflow:visible}
.warnings{gap:14px 28px}
th,td{padding:4px 0 4px 10px}
.plain,.plain td{font-size:7.5px;padding:2px 0 2px 8px}
details::details-content{content-visibility:visible;block-size:auto}
}
`;
