import { describe, expect, test } from 'vitest';
import { makeTheme } from '../src/charts/theme.ts';
import type { Rejected } from '../src/ops/clean.ts';
import { type ReportParts, writeReport } from '../src/ops/report.ts';
import { escapeHtml, html, trusted } from '../src/report/html.ts';
import { computeAll, drawAll } from './support/charts.ts';
import { NEW_YEAR } from './support/flights.ts';
import { assertWellFormed } from './support/well-formed.ts';

const REJECTED: Rejected = {
  rows: 1,
  rules: [
    {
      rule: 'arrived <early>',
      rows: 1,
      examples: [{ minute: NEW_YEAR, delay: -953, distance: 938, origin: 'EWR', destination: 'MCO' }],
    },
  ],
};

const data = await computeAll();
const parts: ReportParts = {
  ...data,
  charts: await drawAll(data),
  rejected: [REJECTED],
  settings: { source: 'vega-datasets 3.2.1', sample: 20_000, ratio: 0.8, seed: 1, lateAfter: 15 },
};
const theme = makeTheme('ember');
const page = writeReport(parts, theme);

describe('the report', () => {
  test('refers to nothing outside of itself', () => {
    expect(page.match(/https?:|\bsrc=|\bhref=|<script|<link|<iframe|<img|<object|@import/gi)).toBeNull();
    expect([...page.matchAll(/url\(([^)]*)\)/g)].every(([, target]) => target?.startsWith('#'))).toBe(true);
    expect(page.includes(`content="default-src 'none'; style-src 'unsafe-inline'"`), 'shown').toBe(true);
  });

  test('is well formed', () => {
    const body = page.slice(page.indexOf('<body>'));
    expect(() => assertWellFormed(body.slice(0, body.indexOf('</html>')))).not.toThrow();
  });

  test('shows every chart once, all models, and what was set aside', () => {
    for (const { name, svg } of parts.charts) expect(page.split(svg), name).toHaveLength(2);
    for (const { name } of data.evaluations) expect(page.includes(`<th scope="row">${name}`), 'shown').toBe(true);
    expect(page.includes('arrived &lt;early&gt;'), 'shown').toBe(true);
    expect(page.includes('EWR → MCO'), 'shown').toBe(true);
    expect(page.includes('a sample of 20,000'), 'shown').toBe(true);
  });

  test('uses no id twice', () => {
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('serves light and dark pages, paper and small screens', () => {
    expect(page.includes('@media (prefers-color-scheme:dark)'), 'shown').toBe(true);
    expect(page.includes('@media print'), 'shown').toBe(true);
    expect(page.includes('width=device-width'), 'shown').toBe(true);
  });

  test('says so when every flight was believed', () => {
    expect(writeReport({ ...parts, rejected: [] }, theme).includes('every flight was believed')).toBe(true);
  });

  test('is the same each time', () => {
    expect(writeReport(parts, theme) === page).toBe(true);
  });

  test('escapes names from the data', () => {
    const [first, ...others] = data.summary.airports;
    if (first === undefined) throw new Error('no airport');
    const airports = [{ ...first, late: 1, city: '<b onclick="x()">&', name: "O'Hare" }, ...others];
    const written = writeReport({ ...parts, summary: { ...data.summary, airports } }, theme);
    expect(written.includes('&lt;b onclick=&quot;x()&quot;&gt;&amp;'), 'shown').toBe(true);
    expect(written.includes('O&#39;Hare'), 'shown').toBe(true);
    expect(written.includes('<b onclick')).toBe(false);
  });
});

test('a template escapes text and numbers, and keeps markup', () => {
  expect(html`<p>${'<&>'} ${1} ${html`<b>${'"'}</b>`} ${[html`a`, trusted('<i></i>')]}</p>`.markup).toBe(
    '<p>&lt;&amp;&gt; 1 <b>&quot;</b> a<i></i></p>',
  );
  expect(escapeHtml(`'`)).toBe('&#39;');
});
