import { join } from 'node:path';
import type { FileAge } from './file-age.ts';
import { type SeenDirectory, type SeenFile, Sightings } from './sightings.ts';
import { type FileKind, lookAt } from './source-files.ts';
import type { StoredContents, StoredSightings } from './stored-sightings.ts';

/** What an earlier process saw, for more to be added, but for some files that are seen anew. */
export function sightingsAgain(
  { directories, links, resolutions }: StoredSightings,
  contents: StoredContents,
  { except, age }: { readonly except: ReadonlySet<string>; readonly age?: FileAge | undefined },
): Sightings {
  const sightings = new Sightings(age);
  for (const [place, seen] of directories.entries()) {
    const { path, inode, look, isSettled, listing, names, looks, bytes } = seen;
    const entries = new Map<string, FileKind | 'nothing'>();
    for (const [kind, found] of Object.entries(seen.entries))
      for (const name of found) entries.set(name, kind as FileKind);
    const racy = new Map(bytes);
    for (const [at, name] of names.entries()) {
      if (except.has(join(path, name))) continue;
      // A file that was read was there.
      entries.set(name, 'file');
      const file: SeenFile = { look: lookAt(looks, at), bytes: racy.get(at), contents: new Map(contents[place]?.[at]) };
      sightings.files.set(join(path, name), file);
    }
    const known: SeenDirectory = {
      path,
      inode,
      look,
      entries,
      listing: listing === '' ? undefined : listing,
      isSettled,
    };
    sightings.directories.set(path, known);
  }
  for (const [link, real] of links) sightings.links.set(link, real);
  for (const resolution of resolutions) sightings.resolved(resolution);
  return sightings;
}
