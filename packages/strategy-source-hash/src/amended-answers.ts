import { basename, dirname } from 'node:path';
import { Analysis } from './analysis.ts';
import type { RememberedAnswers } from './answer-cache.ts';
import type { AnswerDetails, RememberedFile, RememberedSlices, RememberedSource } from './answer-details.ts';
import { jsonAspect } from './data-node.ts';
import type { Digest } from './digest.ts';
import type { FactsCache } from './facts-cache.ts';
import { FileAge } from './file-age.ts';
import { shapeOf } from './file-shape.ts';
import { parseJson } from './json-form.ts';
import type { Questions } from './questions.ts';
import { JSON_SHAPE } from './remembered-files.ts';
import { hasSameAspects } from './same-aspects.ts';
import { jsonToken } from './slice/json-token.ts';
import { unitOf } from './slice/placed-unit.ts';
import { digestOfContent, leafContent, unitContent } from './slice/slice-table.ts';
import type { SliceArchive } from './slice-archive.ts';
import { isLeadsAspect, JSON_ASPECT, SOURCE_ASPECT } from './source-aspect.ts';
import type { SourceFacts } from './source-facts.ts';
import { contentDigest, LOOK_NUMBERS, lookOf, numbersOfLook, readSteadily } from './source-files.ts';
import type { SourceEdits, StoredDefinition } from './stored-definition.ts';
import type { StoredContent, StoredSightings } from './stored-sightings.ts';

/** More files than that are looked at together with all others. */
const MOST_FILES = 32;

const DIGEST_BYTES = 32;

export interface AmendOptions {
  readonly facts: FactsCache | undefined;
  readonly age?: FileAge;
  /** The slices that the answers were made from, and others. */
  archive(slices: RememberedSlices): SliceArchive | undefined;
  readonly questions: Questions;
  /** The definitions that the questions are about, after edits of source files; `undefined` where one is another. */
  define(before: readonly StoredDefinition[], edits: SourceEdits): readonly StoredDefinition[] | undefined;
  /** A stored answer whose slice has another digest. */
  amend(stored: unknown, slice: string): unknown;
}

/** What is to be remembered of a file in place of what was. */
interface Entry {
  readonly path: string;
  readonly directory: number;
  readonly at: number;
  readonly look: string;
  /** As in `StoredDirectory`. */
  readonly bytes: Digest | undefined;
  readonly contents: readonly StoredContent[];
  readonly source: RememberedSource | undefined;
}

interface EditedSource {
  readonly entry: Entry;
  readonly facts: SourceFacts;
  readonly source: RememberedSource;
}

interface EditedJson {
  readonly entry: Entry;
  readonly json: unknown;
}

/** A file of which all that counted is as it was. */
interface EditedInVain {
  readonly entry: Entry;
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
  const details = changed.length > MOST_FILES ? undefined : before.details();
  if (details === undefined) return undefined;
  const analysis = new Analysis(
    options.facts && { get: () => undefined, putJson: (key, json) => options.facts?.putJson(key, json) },
  );
  const edited: Edited[] = [];
  for (const path of changed) {
    const found = fileAgain(path, before.seen, { details, age: options.age ?? new FileAge() });
    const source = found && editedSource(found, analysis);
    if (source === undefined) return undefined;
    edited.push(source);
  }
  options.facts?.flush();
  const asked = questionsAgain(before, { details, edited, options, analysis });
  if (asked === undefined) return undefined;
  const seen = withLooks(before.seen, edited);
  const kept = details.with({ ...asked.details, files: filesWith(details, edited) });
  const { question } = asked;
  const isInVain = edited.every((one) => !('facts' in one || 'json' in one));
  if (details.slices === undefined || isInVain) return { ...before, question, seen, details: () => kept };
  const sliced = slicedAgain(before, { details, edited, options });
  if (sliced === undefined) return undefined;
  const { answers, slices } = sliced;
  return { ...before, question, answers, seen, details: () => kept.with({ slices }) };
}

/** After an edit of a file that makes definitions these must be the same ones, at the same parts of it; then the questions are, too. */
function questionsAgain(
  { question, answers }: RememberedAnswers,
  { details, edited, options, analysis }: SliceOptions & { readonly analysis: Analysis },
): { readonly question: Digest; readonly details: Partial<Pick<AnswerDetails, 'keys' | 'definitions'>> } | undefined {
  const facts = new Map(edited.flatMap((one) => ('facts' in one ? [[one.entry.path, one.facts] as const] : [])));
  const isTouched = edited.some((one) => 'facts' in one && one.source.isDefinition && !one.source.withPlaces);
  if (!isTouched) return { question, details: {} };
  const { keys, digest } = options.questions;
  const isWhole = keys.length === answers.length && details.definitions !== undefined;
  const isSame = (at: number): boolean => keys[at] === details.keys[at];
  const edits = { factsOf: (path: string) => facts.get(path), analysis, isSame };
  const definitions = isWhole ? options.define(details.definitions, edits) : undefined;
  return definitions && { question: digest, details: { keys, definitions } };
}

/** A file that was read before, and again. */
interface FileAgain {
  readonly entry: Entry;
  readonly bytes: Buffer;
}

function fileAgain(
  path: string,
  { directories }: StoredSightings,
  { details, age }: { readonly details: AnswerDetails; readonly age: FileAge },
): FileAgain | undefined {
  const directory = directories.findIndex((one) => one.path === dirname(path));
  const at = directories[directory]?.names.indexOf(basename(path)) ?? -1;
  const known = details.filesIn(directory)[at];
  const read = known && readSteadily(path);
  // What was edited after the process began is not what it loaded.
  if (known === undefined || read === undefined || age.isNew(read.stats)) return undefined;
  const bytes = age.isRacy(read.stats) ? contentDigest(read.bytes, undefined) : undefined;
  const { contents, source } = known;
  return { entry: { path, directory, at, look: lookOf(read.stats), bytes, contents, source }, bytes: read.bytes };
}

function editedSource(again: FileAgain, analysis: Analysis): Edited | undefined {
  const { entry, bytes } = again;
  const { source } = entry;
  if (hasSameAspects(entry.path, entry.contents, bytes)) return { entry };
  if (source === undefined) return undefined;
  return source.shape === JSON_SHAPE ? editedJson(again) : editedCode(again, source, analysis);
}

function editedCode({ entry, bytes }: FileAgain, source: RememberedSource, analysis: Analysis): Edited | undefined {
  // A file that counts by its bytes somewhere is more than its symbols.
  if (!entry.contents.every(([aspect]) => aspect === SOURCE_ASPECT || isLeadsAspect(aspect))) return undefined;
  const facts = analysis.factsOf(entry.path, bytes);
  if (shapeOf(facts, source.withPlaces) !== source.shape) return undefined;
  const digest = contentDigest(bytes, { name: SOURCE_ASPECT, of: () => facts.digest });
  // Texts of one shape refer to the same places.
  const leads = entry.contents.filter(([aspect]) => isLeadsAspect(aspect));
  return { entry: { ...entry, contents: [[SOURCE_ASPECT, digest], ...leads] }, facts, source };
}

/** The same file under the name of a package, a compiler option or an asset is more than a value. */
function editedJson({ entry, bytes }: FileAgain): EditedJson | undefined {
  const parsed = entry.contents.every(([aspect]) => aspect === JSON_ASPECT) ? parseJson(bytes) : undefined;
  if (parsed === undefined) return undefined;
  return { entry: { ...entry, contents: [[JSON_ASPECT, contentDigest(bytes, jsonAspect)]] }, json: parsed.value };
}

function withLooks(seen: StoredSightings, edited: readonly Edited[]): StoredSightings {
  const directories = [...seen.directories];
  for (const { entry } of edited) {
    const known = directories[entry.directory];
    if (known === undefined) continue;
    const looks = [...known.looks];
    looks.splice(entry.at * LOOK_NUMBERS, LOOK_NUMBERS, ...numbersOfLook(entry.look));
    const others = known.bytes.filter(([at]) => at !== entry.at);
    const bytes = entry.bytes === undefined ? others : [...others, [entry.at, entry.bytes] as const];
    directories[entry.directory] = { ...known, looks, bytes };
  }
  return { ...seen, directories };
}

function filesWith(details: AnswerDetails, edited: readonly Edited[]): ReadonlyMap<number, readonly RememberedFile[]> {
  const renewed = new Map<number, RememberedFile[]>();
  for (const { entry } of edited) {
    const { directory, at, contents, source } = entry;
    const files = renewed.get(directory) ?? [...details.filesIn(directory)];
    files[at] = { contents, source };
    renewed.set(directory, files);
  }
  return renewed;
}

interface SliceOptions {
  readonly details: AnswerDetails;
  readonly edited: readonly Edited[];
  readonly options: AmendOptions;
}

function slicedAgain(
  { answers }: RememberedAnswers,
  { details: { slices }, edited, options: { archive: read, amend } }: SliceOptions,
): { readonly answers: readonly unknown[]; readonly slices: RememberedSlices } | undefined {
  const archive = slices && read(slices);
  if (slices === undefined || archive?.size !== answers.length) return undefined;
  const contents = Buffer.from(slices.contents);
  const changed = changedParts(archive, contents, edited);
  if (changed === undefined) return undefined;
  const amended = [...answers];
  for (const at of archive.slicesWith(changed)) {
    const digest = archive.digestOf(at, contents);
    if (digest === undefined) return undefined;
    amended[at] = amend(answers[at], digest);
  }
  return { answers: amended, slices: { ...slices, contents } };
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
  const sources = new Map(edited.flatMap((one) => ('facts' in one ? [[one.entry.path, one]] : [])));
  for (const [part, { file, unit: place }] of archive.unitsIn(new Set(sources.keys()))) {
    const {
      facts,
      source: { setting },
    } = sources.get(file) as EditedSource;
    const unit = unitOf(facts.units, place);
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
  { entry, json }: EditedJson,
): readonly (readonly [number, string])[] | undefined {
  const leaves = archive.leavesOf(entry.path);
  const tokens = leaves.map(([part, { members }]) => [part, jsonToken(json, members[0] ?? undefined)] as const);
  const isApart = leaves.every(([, { members }]) => members.length === 1);
  return isApart && new Set(tokens.map(([, token]) => token)).size === tokens.length ? tokens : undefined;
}
