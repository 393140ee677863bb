import { myBackendIOManager } from '../dist/index.js';

/** @type {import('@memo/conformance').IOManagerHarness} */
export const harness = {
  name: 'memo-io-my-backend',
  // Called once a case: make storage that nothing else uses. `open` is what a new process would do.
  setup: () => ({ open: () => myBackendIOManager() }),
};
