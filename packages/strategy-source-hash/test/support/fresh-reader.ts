import { ClosureReader } from '../../src/closure.ts';
import { FileAge } from '../../src/file-age.ts';
import { LoadedFiles } from '../../src/loaded-files.ts';
import { Sightings } from '../../src/sightings.ts';
import { CONDITIONS } from './hashing.ts';

const REGISTRY = Symbol.for('@memo/strategy-source-hash/loaded-files@1');

/** Later than all edits of a test. */
export const LATER: number = Date.now() + 3_600_000;

/** For a process that begins after all edits, and looked at files in the moment in which they were written: contents decide. */
export const laterAge: FileAge = new FileAge({ now: () => 0, loadingBegan: () => LATER });

/** As in a process that has looked at nothing. */
export function forgetLoaded(): void {
  Reflect.deleteProperty(globalThis, REGISTRY);
}

/** A reader of a process that has looked at nothing. */
export function freshReader(): ClosureReader {
  forgetLoaded();
  const sightings = new Sightings(laterAge);
  const files = new LoadedFiles(laterAge, sightings);
  return new ClosureReader({ files, conditions: CONDITIONS, tsconfig: undefined, nativeTypes: false }, sightings);
}
