// The jobs of this project, as `memo` sees them. Results are kept in .memo, beside this file.
import { defineConfig } from '@memo/core';
import { openStore, paletteOf, strategyOf } from './src/choices.ts';
import { flightsIn } from './src/job.ts';

const { DEMO_PALETTE = 'ember', DEMO_STORE = 'fs', DEMO_VERSIONS = 'source' } = process.env;
const io = await openStore(DEMO_STORE, '.memo/store');

export default defineConfig({
  jobs: [flightsIn(paletteOf(DEMO_PALETTE))],
  versions: await strategyOf(DEMO_VERSIONS),
  ...(io === undefined ? {} : { io }),
});
