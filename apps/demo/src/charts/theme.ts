import { PALETTES, type PaletteName, type Shades } from './palettes.ts';

/** Named colours as CSS variables, so that one drawing serves a light and a dark page. */
export interface Theme {
  /** A colour for a drawing: the variable, or the light colour where nothing defines it. */
  color(name: Exclude<keyof Shades, 'heat' | 'series'>): string;
  /** Seven colours, from rarely late to often late. */
  heat: readonly string[];
  series: readonly string[];
  /** The declarations of all variables, for a style sheet. */
  css: { light: string; dark: string };
}

export function makeTheme(palette: PaletteName): Theme {
  const { light, dark } = PALETTES[palette];
  return {
    color: (name) => `var(--${name}, ${light[name]})`,
    heat: light.heat.map((color, step) => `var(--heat-${step}, ${color})`),
    series: light.series.map((color, line) => `var(--series-${line}, ${color})`),
    css: { light: declare(light), dark: declare(dark) },
  };
}

function declare({ heat, series, ...named }: Shades): string {
  return [
    ...Object.entries(named).map(([name, color]) => `--${name}:${color}`),
    ...heat.map((color, step) => `--heat-${step}:${color}`),
    ...series.map((color, line) => `--series-${line}:${color}`),
  ].join(';');
}
