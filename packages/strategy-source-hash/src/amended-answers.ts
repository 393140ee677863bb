import { dirname } from 'node:path';
import { Analysis } from './analysis.ts';
import type { RememberedAnswers, RememberedSource } from './answer-cache.ts';
import type { FactsCache } from './facts-cache.ts';
import { FileAge } from './file-age.ts';
import { namesPlaces, shapeOf } from './file-shape.ts';
import type { GraphNode } from './graph-node.ts';
import { digestOfContent, unitContent } from './slice/slice-table.ts';
import { SliceArchive } from './slice-archive.ts';
import { isLeadsAspect, SOURCE_ASPECT } from './source-aspect.ts';
import type { SourceFacts } from './source-facts.ts';
import { contentDigest, lookOf, readSteadily } from './source-files.ts';
import type { StoredFile } from './stored-sightings.ts';

/** More files than that are looked at together with all others. */
const MOST_FILES = 32;

const DIGEST_BYTES = 32;

/** What an edit of a source file can mean for answers that rest on it, without a look at other files. */
export function rememberedSources(
  nodes: Iterable<GraphNode>,
  definitions: ReadonlySet<string>,
): Readonly<Record<string, RememberedSource>> {
  const sources: Record<string, RememberedSource> = {};
  for (const { path, facts, findings, setting } of nodes) {
    if (facts === undefined) continue;
    const withPlaces = findings.length > 0 || namesPlaces(facts) || definitions.has(path);
    sources[path] = { shape: shapeOf(facts, withPlaces), withPlaces, setting };
  }
  return sources;
}

export interface AmendOptions {
  readonly facts: FactsCache | undefined;
  readonly age?: FileAge;
  /** The slices that the answers were made from. */
  archive(digest: string): Buffer | undefined;
  /** A stored answer whose slice has another digest. */
  amend(stored: unknown, slice: string): unknown;
}

interface EditedSource {
  readonly path: string;
  readonly facts: SourceFacts;
  readonly setting: string;
  readonly entry: StoredFile;
}

/**
 * Remembered answers after edits of some source files that change nothing but what symbols compute by themselves: most edits do not. All
 * others are left to a look at the whole program: then there is no answer here.
 */
export function amendedAnswers(
  before: RememberedAnswers,
  changed: readonly string[],
  options: AmendOptions,
): RememberedAnswers | undefined {
  if (changed.length > MOST_FILES) return undefined;
  const analysis = new Analysis(
    options.facts && { get: () => undefined, putJson: (key, json) => options.facts?.putJson(key, json) },
  );
  const edited: EditedSource[] = [];
  for (const path of changed) {
    const source = editedSource(path, before, { analysis, age: options.age ?? new FileAge() });
    if (source === undefined) return undefined;
    edited.push(source);
  }
  options.facts?.flush();
  const seen = withFiles(before.seen, edited);
  if (before.slices === undefined) return { ...before, seen };
  const sliced = slicedAgain(before, edited, options);
  return sliced && { ...before, ...sliced, seen };
}

function editedSource(
  path: string,
  { sources, seen }: RememberedAnswers,
  { analysis, age }: { readonly analysis: Analysis; readonly age: FileAge },
): EditedSource | undefined {
  const source = Object.hasOwn(sources, path) ? sources[path] : undefined;
  const stored = seen.directories
    .find((one) => one.path === dirname(path))
    ?.files.find(([name]) => path.endsWith(`/${name}`));
  // A file that counts by its bytes somewhere is more than its symbols.
  const isCodeOnly = stored?.[3].every(([aspect]) => aspect === SOURCE_ASPECT || isLeadsAspect(aspect)) === true;
  const read = source !== undefined && isCodeOnly ? readSteadily(path) : undefined;
  if (source === undefined || stored === undefined || read === undefined) return undefined;
  const facts = analysis.factsOf(path, read.bytes);
  if (shapeOf(facts, source.withPlaces) !== source.shape) return undefined;
  const digest = contentDigest(read.bytes, { name: SOURCE_ASPECT, of: () => facts.digest });
  const bytes = age.isRacy(read.stats) ? contentDigest(read.bytes, undefined) : '';
  // Texts of one shape refer to the same places.
  const leads = stored[3].filter(([aspect]) => isLeadsAspect(aspect));
  return {
    path,
    facts,
    setting: source.setting,
    entry: [stored[0], lookOf(read.stats), bytes, [[SOURCE_ASPECT, digest], ...leads]],
  };
}

function withFiles(seen: RememberedAnswers['seen'], edited: readonly EditedSource[]): RememberedAnswers['seen'] {
  const entries = new Map(edited.map(({ path, entry }) => [path, entry]));
  const directories = seen.directories.map((directory) => {
    const files = directory.files.map((file) => entries.get(`${directory.path}/${file[0]}`) ?? file);
    return { ...directory, files };
  });
  return { ...seen, directories };
}

function slicedAgain(
  { answers, slices }: RememberedAnswers,
  edited: readonly EditedSource[],
  { archive: read, amend }: AmendOptions,
): Pick<RememberedAnswers, 'answers' | 'slices'> | undefined {
  const bytes = slices && read(slices.archive);
  const archive = bytes && SliceArchive.from(bytes);
  if (archive === undefined || slices === undefined) return undefined;
  const contents = Buffer.from(slices.contents, 'base64');
  const changed = changedParts(archive, contents, edited);
  if (changed === undefined) return undefined;
  const amended: Record<string, unknown> = {};
  for (const [key, stored] of Object.entries(answers)) {
    const parts = archive.partsOf(key);
    if (parts === undefined) return undefined;
    if (!parts.some((part) => changed.has(part))) continue;
    const digest = archive.digestOf(key, contents);
    if (digest === undefined) return undefined;
    amended[key] = amend(stored, digest);
  }
  return { answers: { ...answers, ...amended }, slices: { ...slices, contents: contents.toString('base64') } };
}

/** Writes the new contents; says whose they are. `undefined` when one decides more than itself. */
function changedParts(
  archive: SliceArchive,
  contents: Buffer,
  edited: readonly EditedSource[],
): ReadonlySet<number> | undefined {
  const sources = new Map(edited.map((source) => [source.path, source]));
  const changed = new Set<number>();
  for (const [part, { file, unit: place }] of archive.unitsIn(new Set(sources.keys()))) {
    const { facts, setting } = sources.get(file) as EditedSource;
    const unit = place < 0 ? facts.units.ops[-1 - place] : facts.units.units[place];
    if (unit === undefined) return undefined;
    const digest = digestOfContent(unitContent(unit, setting));
    const known = contents.subarray(part * DIGEST_BYTES, (part + 1) * DIGEST_BYTES);
    if (known.length !== DIGEST_BYTES) return undefined;
    if (known.equals(digest)) continue;
    if (archive.isSorted(part)) return undefined;
    known.set(digest);
    changed.add(part);
  }
  return changed;
}
