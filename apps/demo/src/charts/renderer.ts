import type { TopLevelSpec } from 'vega-lite';
import type { Theme } from './theme.ts';

export interface Renderer {
  theme: Theme;
  /** Draws a Vega-Lite specification as an `<svg>` element. `name` makes the ids inside it unique on a page. */
  draw(name: string, spec: TopLevelSpec): Promise<string>;
}

const FONT = 'ui-sans-serif, system-ui, sans-serif';

/** A renderer without a screen: Vega computes the drawing and writes it down as text. */
export function makeRenderer(theme: Theme): Renderer {
  return {
    theme,
    draw: async (name, spec) => {
      const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
      const { spec: compiled } = compile(spec, { config: configOf(theme) });
      const view = new vega.View(vega.parse(compiled), { renderer: 'none', loader: refuseToLoad(vega.loader()) });
      try {
        return standAlone(await view.toSVG(), name);
      } finally {
        view.finalize();
      }
    },
  };
}

/** Charts bring their data with them; nothing may be fetched while one is drawn. */
function refuseToLoad<L extends object>(loader: L): L {
  const refuse = (uri: string): Promise<never> => Promise.reject(new Error(`a chart wants to load ${uri}`));
  return Object.assign(loader, { load: refuse, sanitize: refuse });
}

/**
 * Makes the drawing fit to stand in a page, small, and the same each time: Vega counts ids on from drawing to drawing,
 * and writes coordinates with sixteen digits.
 */
function standAlone(svg: string, name: string): string {
  const ids = new Map<string, string>();
  const idOf = (id: string): string => {
    const known = ids.get(id) ?? `${name}-${ids.size}`;
    ids.set(id, known);
    return known;
  };
  return svg
    .replace(/ xmlns(?::\w+)?="[^"]*"/g, '')
    .replace(/<path class="(?:back|fore)ground"[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g, '')
    .replace(/ (?:role|aria-roledescription|aria-hidden|pointer-events|version)="[^"]*"/g, '')
    .replace(/ (?:opacity="1"|fill-opacity="1")/g, '')
    .replace(/^<svg class="marks"/, '<svg class="chart" aria-hidden="true"')
    .replace(/\bid="([^"]+)"/g, (_, id: string) => `id="${idOf(id)}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${idOf(id)})`)
    .replace(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (digits) => String(Math.round(Number(digits) * 10) / 10 || 0));
}

function configOf(theme: Theme): NonNullable<TopLevelSpec['config']> {
  const [ink, muted, line] = [theme.color('ink'), theme.color('muted'), theme.color('line')];
  return {
    aria: false,
    background: 'transparent',
    font: FONT,
    padding: 4,
    view: { stroke: null },
    axis: {
      labelColor: muted,
      labelFontSize: 11,
      titleColor: muted,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      gridColor: line,
      domain: false,
      ticks: false,
      labelPadding: 6,
    },
    legend: {
      labelColor: muted,
      labelFontSize: 11,
      titleColor: muted,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      titleLimit: 400,
      symbolStrokeWidth: 0,
      gradientStrokeColor: line,
    },
    text: { color: ink, fontSize: 11, font: FONT },
    range: { category: [...theme.series] },
  };
}
