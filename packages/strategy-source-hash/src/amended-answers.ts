import { dirname } from 'node:path';
import { Analysis } from './analysis.ts';
import type { RememberedAnswers, RememberedSource } from './answer-cache.ts';
import { jsonAspect } from './data-node.ts';
import { type Digest, digestText } from './digest.ts';
import type { FactsCache } from './facts-cache.ts';
import { FileAge } from './file-age.ts';
import { namesPlaces, shapeOf } from './file-shape.ts';
import type { GraphNode } from './graph-node.ts';
import { parseJson } from './json-form.ts';
import { hasSameAspects } from './same-aspects.ts';
import { jsonToken } from './slice/linker.ts';
import { digestOfContent, leafContent, unitContent } from './slice/slice-table.ts';
import { SliceArchive } from './slice-archive.ts';
import { isLeadsAspect, JSON_ASPECT, SOURCE_ASPECT } from './source-aspect.ts';
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
  for (const { path, facts, findings, setting, json } of nodes) {
    if (json !== undefined) sources[path] = { shape: JSON_SHAPE, withPlaces: false, setting };
    if (facts === undefined) continue;
    const withPlaces = findings.length > 0 || namesPlaces(facts) || definitions.has(path);
    sources[path] = { shape: shapeOf(facts, withPlaces), withPlaces, setting };
  }
  return sources;
}

/** What decides which parts a JSON file has beside who names them: that it is one. */
const JSON_SHAPE = digestText('json');

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

interface EditedJson {
  readonly path: string;
  readonly json: unknown;
  readonly entry: StoredFile;
}

/** A file of which all that counted is as it was. */
interface EditedInVain {
  readonly path: string;
  readonly entry: StoredFile;
}

type Edited = EditedSource | EditedJson | EditedInVain;

/**
 * Remembered answers after edits of some source files that change nothing but what symbols compute by themselves, as most edits do, and of values
 * in JSON files that are imported, and of what does not count. All others are left to a look at the whole program: then there is no answer here.
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
  const edited: Edited[] = [];
  for (const path of changed) {
    const source = editedSource(path, before, { analysis, age: options.age ?? new FileAge() });
    if (source === undefined) return undefined;
    edited.push(source);
  }
  options.facts?.flush();
  const seen = withFiles(before.seen, edited);
  const isInVain = edited.every((one) => !('facts' in one || 'json' in one));
  if (before.slices === undefined || isInVain) return { ...before, seen };
  const sliced = slicedAgain(before, edited, options);
  return sliced && { ...before, ...sliced, seen };
}

function editedSource(
  path: string,
  { sources, seen }: RememberedAnswers,
  { analysis, age }: EditTools,
): Edited | undefined {
  const source = Object.hasOwn(sources, path) ? sources[path] : undefined;
  const stored = seen.directories
    .find((one) => one.path === dirname(path))
    ?.files.find(([name]) => path.endsWith(`/${name}`));
  const read = stored && readSteadily(path);
  // What was edited after the process began is not what it loaded.
  if (stored === undefined || read === undefined || age.isNew(read.stats)) return undefined;
  const bytes = age.isRacy(read.stats) ? contentDigest(read.bytes, undefined) : '';
  const again: FileAgain = { path, stored, bytes: read.bytes, seen: [stored[0], lookOf(read.stats), bytes] };
  if (hasSameAspects(path, stored, read.bytes)) return { path, entry: [...again.seen, stored[3]] };
  if (source === undefined) return undefined;
  return source.shape === JSON_SHAPE ? editedJson(again) : editedCode(again, source, analysis);
}

interface EditTools {
  readonly analysis: Analysis;
  readonly age: FileAge;
}

/** A file that was read before, and again. */
interface FileAgain {
  readonly path: string;
  readonly stored: StoredFile;
  readonly bytes: Buffer;
  readonly seen: readonly [name: string, look: string, bytes: Digest];
}

function editedCode({ path, stored, bytes, seen }: FileAgain, source: RememberedSource, analysis: Analysis) {
  // A file that counts by its bytes somewhere is more than its symbols.
  if (!stored[3].every(([aspect]) => aspect === SOURCE_ASPECT || isLeadsAspect(aspect))) return undefined;
  const facts = analysis.factsOf(path, bytes);
  if (shapeOf(facts, source.withPlaces) !== source.shape) return undefined;
  const digest = contentDigest(bytes, { name: SOURCE_ASPECT, of: () => facts.digest });
  // Texts of one shape refer to the same places.
  const leads = stored[3].filter(([aspect]) => isLeadsAspect(aspect));
  const entry: StoredFile = [...seen, [[SOURCE_ASPECT, digest], ...leads]];
  return { path, facts, setting: source.setting, entry };
}

/** The same file under the name of a package, a compiler option or an asset is more than a value. */
function editedJson({ path, stored, bytes, seen }: FileAgain): EditedJson | undefined {
  const parsed = stored[3].every(([aspect]) => aspect === JSON_ASPECT) ? parseJson(bytes) : undefined;
  if (parsed === undefined) return undefined;
  const entry: StoredFile = [...seen, [[JSON_ASPECT, contentDigest(bytes, jsonAspect)]]];
  return { path, json: parsed.value, entry };
}

function withFiles(seen: RememberedAnswers['seen'], edited: readonly Edited[]): RememberedAnswers['seen'] {
  const entries = new Map(edited.map(({ path, entry }) => [path, entry]));
  const directories = seen.directories.map((directory) => {
    const files = directory.files.map((file) => entries.get(`${directory.path}/${file[0]}`) ?? file);
    return { ...directory, files };
  });
  return { ...seen, directories };
}

function slicedAgain(
  { answers, slices }: RememberedAnswers,
  edited: readonly Edited[],
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
  edited: readonly Edited[],
): ReadonlySet<number> | undefined {
  const renewed = newContents(archive, edited);
  if (renewed === undefined) return undefined;
  const changed = new Set<number>();
  for (const [part, digest] of renewed) {
    const known = contents.subarray(part * DIGEST_BYTES, (part + 1) * DIGEST_BYTES);
    if (known.length !== DIGEST_BYTES) return undefined;
    if (known.equals(digest)) continue;
    if (archive.isSorted(part)) return undefined;
    known.set(digest);
    changed.add(part);
  }
  return changed;
}

/** Part → the digest of what it says after the edits. */
function newContents(archive: SliceArchive, edited: readonly Edited[]): ReadonlyMap<number, Uint8Array> | undefined {
  const renewed = new Map<number, Uint8Array>();
  const sources = new Map(edited.flatMap((one) => ('facts' in one ? [[one.path, one]] : [])));
  for (const [part, { file, unit: place }] of archive.unitsIn(new Set(sources.keys()))) {
    const { facts, setting } = sources.get(file) as EditedSource;
    const unit = place < 0 ? facts.units.ops[-1 - place] : facts.units.units[place];
    if (unit === undefined) return undefined;
    renewed.set(part, digestOfContent(unitContent(unit, setting)));
  }
  for (const one of edited) {
    const members = 'json' in one ? newMembers(archive, one) : [];
    if (members === undefined) return undefined;
    for (const [part, token] of members) renewed.set(part, digestOfContent(leafContent(token)));
  }
  return renewed;
}

/** Members with equal values are one part: an edit that parts or joins them changes how slices hang together. */
function newMembers(
  archive: SliceArchive,
  { path, json }: EditedJson,
): readonly (readonly [number, string])[] | undefined {
  const leaves = archive.leavesOf(path);
  const tokens = leaves.map(([part, { members }]) => [part, jsonToken(json, members[0] ?? undefined)] as const);
  const isApart = leaves.every(([, { members }]) => members.length === 1);
  return isApart && new Set(tokens.map(([, token]) => token)).size === tokens.length ? tokens : undefined;
}
