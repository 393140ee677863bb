import { join } from 'node:path';
import type { StoredOutputInfo } from '@memo/core/plugin';
import { type FileSystem, ifPresent } from './file-system.ts';
import { findObject } from './found-object.ts';
import { identifierOfPath, OBJECT_DEPTH } from './object-path.ts';

/** Streams what is stored below a root, a directory at a time; files that are not ours are passed over. */
export async function* listObjects(files: FileSystem, root: string): AsyncGenerator<StoredOutputInfo> {
  for (const kind of ['outputs', 'runs'] as const) {
    for await (const segments of walk(files, root, { above: [kind], levels: OBJECT_DEPTH[kind] })) {
      const identifier = identifierOfPath(segments);
      const object = identifier && findObject(files, join(root, ...segments));
      if (identifier === undefined || object === undefined || object === 'foreign') continue;
      yield { identifier, bytes: object.bytes, storedAt: object.storedAt };
    }
  }
}

interface Level {
  readonly above: readonly string[];
  /** How many levels of names are below. */
  readonly levels: number;
}

async function* walk(files: FileSystem, root: string, { above, levels }: Level): AsyncGenerator<readonly string[]> {
  // Listing a large store takes seconds; others get their turn after each directory.
  await new Promise(setImmediate);
  for (const entry of ifPresent(() => files.entriesSync(join(root, ...above))) ?? []) {
    const segments = [...above, entry.name];
    if (levels === 1) yield segments;
    else if (entry.isDirectory()) yield* walk(files, root, { above: segments, levels: levels - 1 });
  }
}
