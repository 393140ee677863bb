/** Colours for one lightness of the page. */
export interface Shades {
  paper: string;
  card: string;
  ink: string;
  muted: string;
  line: string;
  land: string;
  accent: string;
  /** From rarely late to often late. */
  heat: readonly [string, string, string, string, string, string, string];
  /** Lines that are compared with each other. */
  series: readonly [string, string, string, string, string];
}

export interface Palette {
  light: Shades;
  dark: Shades;
}

const ember: Palette = {
  light: {
    paper: '#fbf9f5',
    card: '#ffffff',
    ink: '#1d1b18',
    muted: '#6b655c',
    line: '#e4dfd5',
    land: '#ece7dd',
    accent: '#b8401f',
    heat: ['#f4ecdf', '#f4d9af', '#f1bb78', '#e8934d', '#d66736', '#b03d22', '#7d1c19'],
    series: ['#b8401f', '#2a6f8f', '#8a8378', '#6a4c93', '#3d7a4b'],
  },
  dark: {
    paper: '#16161a',
    card: '#1e1f24',
    ink: '#f1eee8',
    muted: '#a29c92',
    line: '#33343a',
    land: '#292a30',
    accent: '#f08a4b',
    heat: ['#34343a', '#574038', '#80513a', '#a9643a', '#d0773c', '#f0964f', '#ffcf94'],
    series: ['#f08a4b', '#62b6d9', '#a29c92', '#b79ae0', '#7cc08b'],
  },
};

const ocean: Palette = {
  light: {
    ...ember.light,
    paper: '#f7f9fa',
    ink: '#15202b',
    muted: '#5b6873',
    line: '#dce3e8',
    land: '#e4eaee',
    accent: '#1f6a92',
    heat: ['#e9f1f4', '#c9e0e9', '#9bc9d9', '#68adc6', '#3a8bae', '#1d668f', '#0e4166'],
    series: ['#1f6a92', '#c2571a', '#7f8b95', '#6a4c93', '#3d7a4b'],
  },
  dark: {
    ...ember.dark,
    paper: '#11161b',
    card: '#182027',
    ink: '#e9f0f4',
    muted: '#94a3ae',
    line: '#2a343c',
    land: '#212b33',
    accent: '#62b6d9',
    heat: ['#2a343c', '#274a5b', '#285f78', '#2b7899', '#3b95ba', '#63b5d3', '#aadcee'],
    series: ['#62b6d9', '#f08a4b', '#94a3ae', '#b79ae0', '#7cc08b'],
  },
};

export const PALETTES = { ember, ocean } as const;
export type PaletteName = keyof typeof PALETTES;
