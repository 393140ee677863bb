// Runs the program of scouts from its sources, for Node versions that do not strip types.
import { register } from 'tsx/esm/api';

register();
await import('../../src/scout-thread.ts');
