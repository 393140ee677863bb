import { join } from 'node:path';
import type { RememberedFile, RememberedSource } from './answer-details.ts';
import { type Digest, digestText } from './digest.ts';
import { namesPlaces, shapeOf } from './file-shape.ts';
import type { GraphNode } from './graph-node.ts';
import type { Sightings } from './sightings.ts';
import type { StoredDirectory } from './stored-sightings.ts';

/**
 * By path, what an edit of a source file can mean for answers that rest on it, without a look at other files. `areTold`: definitions can be told again after
 * an edit of their files; else everything in these must stay where it is.
 */
export function rememberedSources(
  nodes: Iterable<GraphNode>,
  definitions: Pick<ReadonlySet<string>, 'has'>,
  areTold: boolean,
): ReadonlyMap<string, RememberedSource> {
  const sources = new Map<string, RememberedSource>();
  for (const { path, facts, findings, setting, json } of nodes) {
    if (json !== undefined) sources.set(path, { shape: JSON_SHAPE, withPlaces: false, isDefinition: false, setting });
    if (facts === undefined) continue;
    const isDefinition = definitions.has(path);
    const withPlaces = findings.length > 0 || namesPlaces(facts) || (isDefinition && !areTold);
    sources.set(path, { shape: shapeOf(facts, withPlaces), withPlaces, isDefinition, setting });
  }
  return sources;
}

/** What decides which parts a JSON file has beside who names them: that it is one. */
export const JSON_SHAPE: Digest = digestText('json');

/** What is known of the files that were read in a directory. */
export function rememberedFiles(
  { path: directory, names }: StoredDirectory,
  { files }: Sightings,
  sourceOf: (path: string) => RememberedSource | undefined,
): readonly RememberedFile[] {
  return names.map((name) => {
    const path = join(directory, name);
    const source = sourceOf(path);
    const contents = [...(files.get(path)?.contents ?? [])];
    return source === undefined ? { contents } : { contents, source };
  });
}
