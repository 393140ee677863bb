import { resource } from '@memo/core';
import { makeRenderer } from '../charts/renderer.ts';
import { theme } from './theme.ts';

/** Draws charts in the colours of the theme; another palette draws them again. */
export const renderer = resource('renderer', {
  description: 'Vega without a screen',
  uses: { theme },
  setup: ({ use }) => makeRenderer(use.theme),
});
