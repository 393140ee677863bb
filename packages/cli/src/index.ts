/** The memo command as a function, for programs that answer command lines themselves. */
export { EXIT } from './exit-code.ts';
export { main } from './main.ts';
export { type ProcessSurroundings, processSurroundings } from './process-surroundings.ts';
export type { Output, Surroundings } from './surroundings.ts';
