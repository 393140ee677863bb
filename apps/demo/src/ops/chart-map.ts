import { op } from '@memo/core';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from '../charts/chart.ts';
import { latenessColor } from '../charts/lateness-scale.ts';
import type { Renderer } from '../charts/renderer.ts';
import type { Theme } from '../charts/theme.ts';
import { percent } from '../charts/words.ts';
import { geography } from '../resources/geography.ts';
import { renderer } from '../resources/renderer.ts';
import type { AirportSummary, Summary } from '../tables/summary.ts';

/** Where flights are late. */
export const chartMap = op('chartMap', {
  description: 'Where flights are late',
  uses: { renderer, geography },
  run: ({ summary }: { summary: Summary }, { use }) => drawMap(summary, use.geography.states, use.renderer),
});

const LARGEST = 30;
const NAMED = 16;
/** Airports nearer to a larger named one than this, in degrees, go without a name. */
const APART = 2.5;
/** The map's projection shows the states, not the territories. */
const TERRITORIES: readonly string[] = ['AS', 'CQ', 'GU', 'MP', 'PR', 'VI'];

/** Where flights are late, by the airport that they leave. */
export async function drawMap(summary: Summary, states: object, renderer: Renderer): Promise<Chart> {
  const shown = summary.airports.filter(({ state }) => !TERRITORIES.includes(state));
  return {
    name: 'map',
    title: 'Airport by airport',
    finding: describeMap(summary.airports),
    svg: await renderer.draw('map', mapSpec(shown, states, renderer.theme)),
  };
}

function describeMap(airports: readonly AirportSummary[]): string {
  const ranked = airports.slice(0, LARGEST).sort((a, b) => a.late - b.late);
  const [best, worst] = [ranked[0], ranked.at(-1)];
  if (best === undefined || worst === undefined) return 'Too few flights to tell.';
  return (
    `Of the ${ranked.length} largest airports, ${worst.name} in ${worst.city} sends off the most late flights ` +
    `(${percent(worst.late)}), ${best.name} in ${best.city} the fewest (${percent(best.late)}). ` +
    'A circle is an airport, its area the number of departures.'
  );
}

/** The largest airports, without those whose names would run into each other. */
function named<A extends { longitude: number; latitude: number }>(airports: readonly A[]): A[] {
  const chosen: A[] = [];
  for (const airport of airports) {
    const near = ({ longitude, latitude }: A): boolean =>
      Math.hypot(longitude - airport.longitude, latitude - airport.latitude) < APART;
    if (chosen.length < NAMED && !chosen.some(near)) chosen.push(airport);
  }
  return chosen;
}

export function mapSpec(airports: readonly AirportSummary[], states: object, theme: Theme): TopLevelSpec {
  const place = {
    longitude: { field: 'longitude', type: 'quantitative' as const },
    latitude: { field: 'latitude', type: 'quantitative' as const },
  };
  const values = airports.map(({ iata, longitude, latitude, rows, late }) => ({
    iata,
    longitude,
    latitude,
    rows,
    late,
  }));
  return {
    width: 720,
    height: 440,
    projection: { type: 'albersUsa' },
    layer: [
      {
        data: { values: states, format: { type: 'topojson', feature: 'states' } },
        mark: { type: 'geoshape', fill: theme.color('land'), stroke: theme.color('card'), strokeWidth: 1 },
      },
      {
        data: { values },
        mark: { type: 'circle', opacity: 0.92, stroke: theme.color('card'), strokeWidth: 0.8 },
        encoding: {
          ...place,
          size: { field: 'rows', type: 'quantitative', scale: { range: [8, 900] }, legend: null },
          color: latenessColor('late', theme, null),
          order: { field: 'rows', type: 'quantitative', sort: 'descending' },
        },
      },
      {
        data: { values: named(values) },
        mark: { type: 'text', dy: -17, fontSize: 10, fontWeight: 600 },
        encoding: { ...place, text: { field: 'iata' } },
      },
    ],
  };
}
