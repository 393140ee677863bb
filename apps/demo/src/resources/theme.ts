import { resource } from '@memo/core';
import { z } from 'zod';
import { makeTheme } from '../charts/theme.ts';

/** The colours of charts and report. */
export const theme = resource('theme', {
  description: 'Colours, light and dark',
  config: z.strictObject({ palette: z.enum(['ember', 'ocean']).default('ember') }),
  setup: ({ config }) => makeTheme(config.palette),
});
