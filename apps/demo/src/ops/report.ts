import { op } from '@memo/core';
import { z } from 'zod';
import type { Chart } from '../charts/chart.ts';
import type { Theme } from '../charts/theme.ts';
import { count, dayInWords, delayInShort, percent } from '../charts/words.ts';
import { html, type Markup, trusted } from '../report/html.ts';
import { methodSection, type ReportSettings } from '../report/method.ts';
import { styleSheet } from '../report/style.ts';
import { airportsTable, modelsTable, routesTable } from '../report/tables.ts';
import { dataset } from '../resources/dataset.ts';
import { theme } from '../resources/theme.ts';
import type { AirportSummary, Summary } from '../tables/summary.ts';
import type { Choice } from './best.ts';
import type { Rejected } from './clean.ts';

/** Writes the report. */
export const report = op('report', {
  description: 'One HTML file that needs nothing else',
  config: z.object({
    sample: z.number().nullable(),
    lateAfter: z.number(),
    ratio: z.number(),
    seed: z.number(),
  }),
  uses: { theme, dataset },
  run: (parts: Omit<ReportParts, 'settings'>, { config, use }) =>
    writeReport({ ...parts, settings: { ...config, source: use.dataset.source } }, use.theme),
});

/** Everything that the report shows. */
export interface ReportParts {
  summary: Summary;
  choice: Choice;
  charts: readonly Chart[];
  /** Empty when every flight was believed. */
  rejected: readonly Rejected[];
  settings: ReportSettings;
}

/** Of the airports with the most departures, so many are compared. */
const COMPARED = 60;
const LISTED = 8;

/** One HTML file that needs nothing else: no scripts, no fonts, no network. */
export function writeReport(parts: ReportParts, theme: Theme): string {
  const { summary, choice, charts } = parts;
  const title = `${count(summary.rows)} flights`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(styleSheet(theme))}</style>
</head>
<body>
${masthead(summary, choice)}
<main>
${whenSection(charts)}
${whereSection(summary, charts)}
${howLateSection(summary, charts)}
${foreseenSection(choice, charts)}
${methodSection(parts)}
</main>
<footer><p>Made by the memo demo. Flights: on-time statistics of the U.S. Bureau of Transportation Statistics, 2001, as packed in
${parts.settings.source}. Drawings: Vega-Lite. This page holds all that it shows and loads nothing.</p></footer>
</body>
</html>
`;
  return page.markup;
}

function masthead(summary: Summary, { best }: Choice): Markup {
  const year = summary.lastDay.slice(0, 4);
  return html`<header>
<p class="kicker">Flights in the United States, ${dayInWords(summary.firstDay)} to ${dayInWords(summary.lastDay)} ${year}</p>
<h1>One flight in ${Math.max(1, Math.round(1 / Math.max(summary.late, 0.001)))} is late. Which one?</h1>
<p class="lead">${count(summary.rows)} departures between ${summary.airports.length} airports: when and where they were late, and how much of it
could be told when the aircraft left the gate.</p>
<dl class="figures">
${figure(count(summary.rows), 'flights')}
${figure(count(summary.routes), 'routes')}
${figure(percent(summary.late, 1), `late: ${summary.lateAfter} minutes or more`)}
${figure(delayInShort(summary.medianDelay), 'the flight in the middle')}
${figure(best.auc.toFixed(2), 'chance that a late flight is given the higher risk')}
${figure(percent(best.lateInTopTenth), 'late in the riskiest tenth')}
</dl>
</header>`;
}

function figure(value: string, label: string): Markup {
  return html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
}

function whenSection(charts: readonly Chart[]): Markup {
  return html`<section><h2>When</h2>
<div class="cards">${drawing(charts, 'hours', 'wide')}${drawing(charts, 'days', 'wide')}</div></section>`;
}

function whereSection({ airports }: Summary, charts: readonly Chart[]): Markup {
  const ranked = airports.slice(0, COMPARED).sort((a, b) => b.late - a.late || b.rows - a.rows);
  const compared = `of the ${ranked.length} largest airports`;
  const listed = Math.min(LISTED, Math.floor(ranked.length / 2));
  return html`<section><h2>Where</h2>
<div class="cards">${drawing(charts, 'map', 'wide')}
<div class="card">${airportsTable(`Most often late, ${compared}`, ranked.slice(0, listed))}</div>
<div class="card">${airportsTable(`Most seldom late, ${compared}`, leastLate(ranked, listed))}</div></div></section>`;
}

function leastLate(ranked: readonly AirportSummary[], listed: number): AirportSummary[] {
  return ranked.slice(ranked.length - listed).reverse();
}

function howLateSection(summary: Summary, charts: readonly Chart[]): Markup {
  const judged = `with ${count(summary.judgedFrom)} flights or more`;
  return html`<section><h2>How late</h2>
<div class="cards">${drawing(charts, 'delays', 'wide')}
<div class="card">${routesTable(`Worst routes ${judged}`, summary.worstRoutes)}</div>
<div class="card">${routesTable(`Best routes ${judged}`, summary.bestRoutes)}</div></div></section>`;
}

function foreseenSection(choice: Choice, charts: readonly Chart[]): Markup {
  const { best } = choice;
  return html`<section><h2>Could it be foreseen?</h2>
<p>Models learned from ${count(best.trainedOn)} flights and were judged by ${count(best.rows)} others. They know what a dispatcher knows when the
aircraft leaves the gate: the clock, the route, how busy the airport is, and how punctual the last arrivals at both ends were.</p>
<div class="cards"><div class="card wide">${modelsTable(choice)}</div>
${drawing(charts, 'roc', '')}${drawing(charts, 'calibration', '')}${drawing(charts, 'importance', 'wide')}</div></section>`;
}

/** A chart with its words; nothing where there is no such chart. */
function drawing(charts: readonly Chart[], name: string, width: 'wide' | ''): Markup {
  const chart = charts.find((candidate) => candidate.name === name);
  if (chart === undefined) return html``;
  return html`<figure class="card ${width}"><figcaption><h3>${chart.title}</h3><p>${chart.finding}</p></figcaption>
<div class="drawing" role="img" aria-label="${`${chart.title}. ${chart.finding}`}" tabindex="0">${trusted(chart.svg)}</div></figure>
`;
}
