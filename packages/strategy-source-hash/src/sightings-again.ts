import { dirname, join } from 'node:path';
import type { AnswerDetails, RememberedFile } from './answer-details.ts';
import type { FileAge } from './file-age.ts';
import { type EarlierSightings, type SeenDirectory, type SeenFile, Sightings } from './sightings.ts';
import { type FileKind, lookAt } from './source-files.ts';
import type { StoredDirectory, StoredSightings } from './stored-sightings.ts';

/**
 * What an earlier process saw, for more to be added, but for some files that are seen anew. A directory is gone through when something is looked for in it, which
 * happens to few of them.
 */
export function sightingsAgain(
  { directories, links, resolutions }: StoredSightings,
  details: AnswerDetails,
  { except, age }: { readonly except: ReadonlySet<string>; readonly age?: FileAge | undefined },
): Sightings {
  const places = new Map(directories.map(({ path }, place) => [path, place]));
  const before: EarlierSightings = {
    in(path) {
      const place = places.get(path);
      const seen = place === undefined ? undefined : directories[place];
      if (place === undefined || seen === undefined) return undefined;
      return { directory: directoryAgain(seen, except), files: filesAgain(seen, details.filesIn(place), except) };
    },
  };
  const sightings = new Sightings(age, before);
  for (const path of except) if (!sightings.directories.has(dirname(path))) sightings.recall(dirname(path));
  for (const [link, real] of links) sightings.links.set(link, real);
  for (const resolution of resolutions) sightings.resolved(resolution);
  return sightings;
}

function directoryAgain(
  { path, inode, look, isSettled, listing, names, entries: byKind }: StoredDirectory,
  except: ReadonlySet<string>,
): SeenDirectory {
  const entries = new Map<string, FileKind | 'nothing'>();
  for (const [kind, found] of Object.entries(byKind)) for (const name of found) entries.set(name, kind as FileKind);
  // A file that was read was there.
  for (const name of names) if (!except.has(join(path, name))) entries.set(name, 'file');
  return { path, inode, look, entries, listing: listing === '' ? undefined : listing, isSettled };
}

function filesAgain(
  { path, names, looks, bytes }: StoredDirectory,
  known: readonly RememberedFile[],
  except: ReadonlySet<string>,
): ReadonlyMap<string, SeenFile> {
  const racy = new Map(bytes);
  const files = new Map<string, SeenFile>();
  for (const [at, name] of names.entries()) {
    const file = join(path, name);
    if (!except.has(file))
      files.set(file, { look: lookAt(looks, at), bytes: racy.get(at), contents: new Map(known[at]?.contents) });
  }
  return files;
}
