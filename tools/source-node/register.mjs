// `node --import …/register.mjs` runs the TypeScript of this repository, and nothing else of it: tests start many
// processes, and each starts in half of the time that it takes under tsx, which resolves and maps every module.
import { register } from 'node:module';

register('./load.mjs', import.meta.url);
