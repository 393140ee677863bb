import type { Theme } from '../charts/theme.ts';

/** The style sheet: colours of both themes, then everything else. */
export function styleSheet(theme: Theme): string {
  return `:root{color-scheme:light dark;${theme.css.light}}
@media (prefers-color-scheme:dark){:root{${theme.css.dark}}}
@media print{:root{color-scheme:light;${theme.css.light}}}
${RULES}`;
}

const RULES = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 24px}
header{padding-top:72px;padding-bottom:8px}
h1,h2{font-family:ui-serif,"Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;font-weight:600;letter-spacing:-.015em;text-wrap:balance}
h1{font-size:clamp(36px,6.2vw,64px);line-height:1.04;margin:0 0 20px}
h2{font-size:clamp(26px,3.4vw,36px);line-height:1.12;margin:0 0 8px}
h3{font-size:17px;line-height:1.3;margin:0 0 4px}
p{margin:0 0 12px;max-width:68ch;text-wrap:pretty}
.kicker{color:var(--accent);font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase;margin:0 0 14px}
.lead{font-size:clamp(17px,1.9vw,20px);color:var(--muted);max-width:62ch}
section{padding:56px 0 0}
section>p{color:var(--muted)}
.figures{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:14px;overflow:hidden;margin:36px 0 0;padding:0}
.figures>div{background:var(--card);padding:18px 20px 16px}
.figures dt{color:var(--muted);font-size:13px;line-height:1.35}
.figures dd{margin:0 0 4px;font-size:22px;line-height:1.2;font-weight:650;letter-spacing:-.02em;white-space:nowrap}
.figures>div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.cards{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:20px;margin-top:22px}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:22px 24px;margin:0;min-width:0}
.wide{grid-column:1/-1}
.card p,figcaption p{color:var(--muted);font-size:14.5px;line-height:1.5;margin:0 0 10px}
.drawing{overflow-x:auto}
svg.chart{display:block;width:100%;height:auto;max-width:440px;margin:0 auto}
.wide svg.chart{min-width:560px;max-width:900px}
.table{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14.5px}
caption{text-align:left;font-weight:650;font-size:17px;padding:0 0 8px}
th{color:var(--muted);font-weight:500;font-size:12.5px;text-align:left;vertical-align:bottom}
th,td{padding:7px 14px 7px 0;border-bottom:1px solid var(--line)}
tr:last-child td,tr:last-child th[scope=row]{border-bottom:0}
th[scope=row]{color:var(--ink);font-weight:600;font-size:14.5px;vertical-align:middle}
td small{display:block;color:var(--muted);font-size:12.5px;line-height:1.35}
.number{text-align:right;white-space:nowrap}
thead .number{white-space:normal}
th:last-child,td:last-child{padding-right:0}
.best th[scope=row]{color:var(--accent)}
.tag{display:inline-block;margin-left:8px;padding:1px 8px;border-radius:99px;background:var(--accent);color:var(--card);font-size:11.5px;font-weight:600;vertical-align:1px}
.bar{display:inline-block;width:64px;height:8px;border-radius:4px;background:var(--line);margin-left:10px;vertical-align:1px}
.bar>i{display:block;height:100%;border-radius:4px;background:var(--accent)}
.steps{display:grid;grid-template-columns:repeat(5,minmax(0,1fr));gap:12px;margin:22px 0 0;padding:0;list-style:none;counter-reset:stage}
.steps>li{counter-increment:stage;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px;min-width:0}
.steps>li::before{content:counter(stage);color:var(--accent);font-weight:650;font-size:13px}
.steps strong{display:block;margin:2px 0 6px}
.steps ul{margin:0;padding:0;list-style:none;font-size:13px;line-height:1.4;color:var(--muted)}
.steps li li{margin:0 0 6px}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--ink)}
.plain{margin:0;padding-left:20px;color:var(--muted);max-width:72ch}
.plain li{margin:0 0 8px}
dl.settings{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0;font-size:14.5px}
dl.settings dt{color:var(--muted)}
dl.settings dd{margin:0}
footer{padding-top:56px;padding-bottom:72px;color:var(--muted);font-size:13.5px}
footer p{border-top:1px solid var(--line);padding-top:20px;max-width:none}
@media (max-width:980px){.figures{grid-template-columns:repeat(3,minmax(0,1fr))}}
@media (max-width:860px){.steps{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media (max-width:760px){.cards{grid-template-columns:minmax(0,1fr)}header{padding-top:44px}section{padding-top:40px}.card{padding:18px 16px}.figures dd{font-size:21px}}
@media (max-width:480px){main,header,footer{padding-left:16px;padding-right:16px}.steps{grid-template-columns:minmax(0,1fr)}.figures{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media print{@page{margin:14mm}body{background:none;font-size:11pt}header{padding-top:0}section{padding-top:24px}.card,.steps>li,tr{break-inside:avoid}h2,section>p{break-after:avoid}footer{padding:20px 0 0;break-inside:avoid}.card{border-color:#ccc}.drawing,.table{overflow:visible}.wide svg.chart{min-width:0}.cards{grid-template-columns:repeat(2,minmax(0,1fr));gap:12px}.card{padding:14px 16px}.steps{grid-template-columns:repeat(5,minmax(0,1fr))}.figures{grid-template-columns:repeat(6,minmax(0,1fr))}.figures>div{padding:10px 12px}.figures dd{font-size:13pt}table,td,th[scope=row],.card p{font-size:9.5pt}td small{font-size:8pt}.bar{width:36px}th,td{padding-top:4px;padding-bottom:4px}}
`.trim();
