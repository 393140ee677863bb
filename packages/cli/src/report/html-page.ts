import { xmlText } from '../graph/svg-graph.ts';

/** One HTML document that needs no other file, no network and no script. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${xmlText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const STYLE = `
:root { --ground: #fff; --text: #18181b; --soft: #71717a; --line: #e4e4e7; --ran: #15803d; --reused: #0369a1; --failed: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --ground: #18181b; --text: #f4f4f5; --soft: #a1a1aa; --line: #3f3f46; --ran: #4ade80; --reused: #38bdf8; --failed: #f87171; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0; } .soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
.ran { color: var(--ran); } .reused { color: var(--reused); } .failed { color: var(--failed); } .skipped, .cancelled { color: var(--soft); }
.scroll { overflow-x: auto; } svg { max-width: none; } svg text.axis { fill: var(--soft); } svg text.name { fill: var(--text); }
`;
