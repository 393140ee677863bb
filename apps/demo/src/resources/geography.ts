import { resource } from '@memo/core';
import { dataset } from './dataset.ts';

/** Outlines of the states, as TopoJSON. */
export interface Geography {
  states: object;
}

export const geography = resource('geography', {
  description: 'Outlines of the states',
  uses: { dataset },
  setup: async ({ use }): Promise<Geography> => ({ states: JSON.parse(await use.dataset.readStates()) as object }),
});
