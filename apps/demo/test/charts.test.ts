import { describe, expect, test } from 'vitest';
import { makeRenderer } from '../src/charts/renderer.ts';
import { makeTheme } from '../src/charts/theme.ts';
import { drawDelays } from '../src/ops/chart-delays.ts';
import { computeAll, drawAll } from './support/charts.ts';
import { assertWellFormed } from './support/well-formed.ts';

const data = await computeAll();
const charts = await drawAll(data);

describe.each(charts.map((chart) => [chart.name, chart] as const))('chart %s', (name, { svg, title, finding }) => {
  test('is one well-formed drawing that scales', () => {
    expect(svg.slice(0, svg.indexOf('>') + 1)).toMatch(
      /^<svg class="chart" aria-hidden="true" width="\d+" height="\d+" viewBox="0 0 \d+ \d+">$/,
    );
    expect(() => assertWellFormed(svg)).not.toThrow();
    expect(svg.match(/<path|<text/g)?.length).toBeGreaterThan(5);
    expect(svg.match(/NaN|undefined|Infinity/g)).toBeNull();
  });

  test('refers to nothing outside of itself, and to no id of another chart', () => {
    expect(svg.match(/https?:|xmlns|<image|<script|<foreignObject|href=/g)).toBeNull();
    const ids = [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id ?? '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id.startsWith(`${name}-`))).toBe(true);
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  test('takes its colours from the theme, so that it follows a dark page', () => {
    const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour ?? '');
    const fixed = colours.filter((colour) => !/^var\(--[\w-]+, #[0-9a-f]{6}\)$|^none$|^transparent$/.test(colour));
    expect(fixed).toEqual([]);
    expect(colours.length).toBeGreaterThan(fixed.length + 3);
  });

  test('comes with words', () => {
    expect(title).not.toBe('');
    expect(finding).toMatch(/\d/);
  });
});

test('a drawing is the same whatever was drawn before it', async () => {
  const renderer = makeRenderer(makeTheme('ember'));
  expect(await drawDelays(data.summary, renderer)).toEqual(charts.find(({ name }) => name === 'delays'));
});

test('another palette gives other colours and nothing else', async () => {
  const ocean = await drawAll(data, makeRenderer(makeTheme('ocean')));
  const colourless = (svg: string): string => svg.replaceAll(/#[0-9a-f]{6}/g, '#');
  for (const [i, { svg }] of ocean.entries()) {
    expect(svg === charts[i]?.svg).toBe(false);
    expect(colourless(svg) === colourless(charts[i]?.svg ?? '')).toBe(true);
  }
});

test('a chart that wants to load something fails instead', async () => {
  const renderer = makeRenderer(makeTheme('ember'));
  const spec = { data: { url: 'https://example.com/data.json' }, mark: 'point' as const, encoding: {} };
  const drawn = await renderer.draw('outside', spec).catch((error: unknown) => String(error));
  expect(drawn).not.toContain('example.com/data.json"');
});

test('both palettes define the same variables, light and dark', () => {
  const names = (css: string): string[] => [...css.matchAll(/(--[\w-]+):/g)].map(([, name]) => name ?? '');
  const [ember, ocean] = [makeTheme('ember').css, makeTheme('ocean').css];
  expect(names(ember.dark)).toEqual(names(ember.light));
  expect(names(ocean.light)).toEqual(names(ember.light));
  expect(names(ocean.dark)).toEqual(names(ember.light));
});
