import { basename, dirname, join, sep } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import type { AmendOptions } from './amended-answers.ts';
import type { RememberedAnswers } from './answer-cache.ts';
import type { AnswerDetails, RememberedFile, RememberedSource } from './answer-details.ts';
import type { ArchivedSlice } from './archive-layer.ts';
import type { Circumstances } from './asker.ts';
import type { ClosureReader } from './closure.ts';
import type { Digest } from './digest.ts';
import { EditedProgram } from './edited-program.ts';
import { FileGone } from './file-gone.ts';
import type { KeptProgram } from './kept-program.ts';
import { KeptReader } from './kept-reader.ts';
import type { ProgramAgain } from './program-again.ts';
import { rememberedFiles, rememberedSources } from './remembered-files.ts';
import { renewedProgram } from './renewed-program.ts';
import type { Target } from './slice/part.ts';
import type { Slice } from './slice/slice.ts';
import type { SliceArchive, Written } from './slice-archive.ts';
import { isLeadsAspect, SOURCE_ASPECT } from './source-aspect.ts';
import type { StoredDefinition } from './stored-definition.ts';
import { type StoredSightings, storedSightings } from './stored-sightings.ts';

/** More files than that are looked at together with all others. */
const MOST_FILES = 32;

/** Questions that can be asked one by one. */
export interface Asking {
  /** A stored answer, and its slice; `undefined` where it has none that can be kept. */
  answer(at: number, reader: ClosureReader): { readonly stored: unknown; readonly slice: Slice } | undefined;
  /** A stored answer whose slice has another digest; `undefined` where more is said of it than that. */
  amend(stored: unknown, slice: string): unknown;
  definition(at: number, reader: ClosureReader): StoredDefinition;
  /** The files that a definition was made by. */
  files(at: number): readonly string[];
}

export interface RelinkOptions extends Pick<AmendOptions, 'facts' | 'age' | 'archive' | 'questions'> {
  readonly around: Circumstances;
  /** True where what is remembered is to lie beside what was, not in place of it. */
  readonly isAnew: boolean;
  /** `shared` are the values that answers have in common, to which more may be added. */
  asking(shared: unknown[]): Asking | undefined;
}

/** Answers with the slices that they were made from. */
export interface Relinked {
  readonly answers: RememberedAnswers;
  readonly archive: Written;
}

/**
 * Remembered answers after edits of source files that change what these declare, name or import, where nothing that was edited has to do with what
 * code changes as it is loaded. All others are left to a look at the whole program: then there is no answer here.
 */
export function relinkedAnswers(
  before: RememberedAnswers,
  changed: readonly string[],
  options: RelinkOptions,
): Relinked | undefined {
  const details = changed.length > MOST_FILES ? undefined : before.details();
  const archive = details?.slices && options.archive(details.slices);
  const program = archive?.program();
  const isWhole = archive?.size === before.answers.length && details?.definers !== undefined;
  if (details?.slices === undefined || archive === undefined || program === undefined || !isWhole) return undefined;
  const areSame = before.question === options.questions.digest;
  const places = areSame ? [...before.answers.keys()] : placesOf(options.questions.keys, details.keys);
  if (places.filter((place) => place === undefined).length > Math.max(FEW_NEW, places.length / 2)) return undefined;
  const shared = [...before.shared];
  const asking = options.asking(shared);
  if (asking === undefined) return undefined;
  try {
    return new Relinking(
      { before, details, archive, program, areSame, places, shared, asking },
      changed,
      options,
    ).answers();
  } catch (error) {
    // Whoever looks at everything says what is wrong.
    if (error instanceof FileGone || error instanceof MemoError) return undefined;
    throw error;
  }
}

/** For each question where the same one was before. */
function placesOf(keys: readonly Digest[], before: readonly Digest[]): readonly (number | undefined)[] {
  const places = new Map(before.map((key, at) => [key, at]));
  return keys.map((key) => places.get(key));
}

interface Known {
  readonly before: RememberedAnswers;
  readonly details: AnswerDetails;
  readonly archive: SliceArchive;
  readonly program: KeptProgram;
  /** True when the questions are. */
  readonly areSame: boolean;
  /** For each question the place of the one before that was asked in the same way. */
  readonly places: readonly (number | undefined)[];
  readonly shared: unknown[];
  readonly asking: Asking;
}

class Relinking {
  readonly #known: Known;
  readonly #changed: ReadonlySet<string>;
  readonly #options: RelinkOptions;
  readonly #program: KeptProgram;
  readonly #reader: ClosureReader;
  readonly #kept: KeptReader;
  #touchesDefinitions: boolean | undefined;

  constructor(known: Known, changed: readonly string[], options: RelinkOptions) {
    const { facts, age, around } = options;
    this.#known = known;
    this.#changed = new Set(changed);
    this.#options = options;
    this.#program = known.program;
    const news = facts && { get: () => undefined, putJson: facts.putJson.bind(facts) };
    this.#kept = new KeptReader(known, this.#changed, { around, facts: news, age });
    this.#reader = this.#kept.reader;
  }

  answers(): Relinked | undefined {
    const { graph, slices } = this.#reader;
    const nodes = new Map([...this.#changed].map((path) => [path, graph.node(path)]));
    const edited = [...nodes.values()].filter((node) => node !== undefined);
    const gone = [...nodes].flatMap(([path, node]) => (node === undefined ? [path] : []));
    const roots = { before: this.#rootsOf([...this.#program.roots.keys()]), now: this.#rootsNow() };
    const again = slices.table && this.#kept.again;
    if (again === undefined || !gone.every((path) => this.#isOnlySource(path) && !roots.now.has(path)))
      return undefined;
    if (edited.some(({ path }) => again.file(path) === undefined || this.#isReadAsText(path))) return undefined;
    const program = new EditedProgram(slices, again, { edited, gone });
    if (!program.isTold(roots)) return undefined;
    const found = this.#askAgain(program, again);
    if (found === undefined || graph.edited.size > 0) return undefined;
    return this.#remembered(found, program, again);
  }

  /** The files that load the slices at some places. */
  #rootsOf(places: readonly number[]): ReadonlySet<string> {
    const numbers = new Set(places.flatMap((at) => this.#program.roots[at]?.files ?? []));
    return new Set([...numbers].map((number) => this.#program.files[number]?.path ?? ''));
  }

  #rootsNow(): ReadonlySet<string> {
    const { asking, places } = this.#known;
    const { packages } = this.#reader.graph;
    const asked = [...places.keys()].filter((at) => places[at] === undefined).flatMap((at) => asking.files(at));
    const own = [...new Set(asked)].filter((path) => packages.packageOf(path) === undefined);
    return new Set([...this.#rootsOf(places.filter((place) => place !== undefined)), ...own]);
  }

  /** True for a file whose bytes count somewhere: of files that make definitions they always do, so there others are asked whether they lead to them. */
  #isReadAsText(path: string): boolean {
    if (this.#isOnlySource(path)) return false;
    if (this.#known.details.definers?.includes(path) !== true) return true;
    return this.#program.leaves.some(({ file: number }) => {
      const file = this.#program.files[number];
      return file?.path === path || (file?.kind === 'directory' && path.startsWith(`${file.path}${sep}`));
    });
  }

  /** True for a file of which nothing counted but what it says as source. */
  #isOnlySource(path: string): boolean {
    const contents = this.#knownOf(path)?.contents;
    return contents?.every(([aspect]) => aspect === SOURCE_ASPECT || isLeadsAspect(aspect)) === true;
  }

  /** What was known of a file. */
  #knownOf(path: string): RememberedFile | undefined {
    const { before, details } = this.#known;
    const directory = before.seen.directories.findIndex((one) => one.path === dirname(path));
    const at = before.seen.directories[directory]?.names.indexOf(basename(path)) ?? -1;
    return details.filesIn(directory)[at];
  }

  /** Whether a file makes definitions is as it was while the same questions are asked. */
  #isDefinition(path: string): boolean {
    const known = this.#known.areSame ? this.#knownOf(path)?.source : undefined;
    return known?.isDefinition ?? this.#options.questions.definitions.has(path);
  }

  /** By the places of questions: those that have another answer. */
  #askAgain(program: EditedProgram, again: ProgramAgain): Found | undefined {
    const { archive, asking, before, places } = this.#known;
    const dirty = new Set(archive.slicesWith(program.dirty));
    const answers: unknown[] = [];
    const slices = new Map<number, Slice>();
    const definitions = new Map<number, StoredDefinition>();
    for (const [at, place] of places.entries()) {
      const isKept = place !== undefined && !this.#isDefinedAnew(place);
      if (isKept) answers.push(before.answers[place]);
      if (isKept && !dirty.has(place)) continue;
      const told = isKept ? this.#sliceAgain(place, again) : undefined;
      const found = told ?? asking.answer(at, this.#reader);
      if (found === undefined) return undefined;
      answers[at] = found.stored;
      slices.set(at, found.slice);
      if (!isKept) definitions.set(at, asking.definition(at, this.#reader));
    }
    return { answers, slices, definitions };
  }

  /** True for a definition that a file made which was edited. */
  #isDefinedAnew(place: number): boolean {
    const { details } = this.#known;
    this.#touchesDefinitions ??= details.definers?.some((file) => this.#changed.has(file)) !== false;
    if (!this.#touchesDefinitions) return false;
    return details.definitions?.[place]?.calls.some(([file]) => this.#changed.has(file)) !== false;
  }

  /** All definitions; `undefined` where they are those that were. */
  #definitionsWith(found: ReadonlyMap<number, StoredDefinition>): readonly StoredDefinition[] | undefined {
    const { areSame, details, places } = this.#known;
    if (areSame && found.size === 0) return undefined;
    return places.flatMap((place, at) => found.get(at) ?? details.definitions?.[place ?? -1] ?? []);
  }

  /** `undefined` where more than its digest may have changed. */
  #sliceAgain(at: number, again: ProgramAgain): { readonly stored: unknown; readonly slice: Slice } | undefined {
    const { roots = [], files = [] } = this.#program.roots[at] ?? {};
    const targets = roots.map((list) => targetsIn(list, again));
    const paths = files.map((number) => this.#program.files[number]?.path ?? '');
    const { findings, slice } = this.#reader.slices.of(targets, paths);
    const stored =
      findings.length > 0 ? undefined : this.#known.asking.amend(this.#known.before.answers[at], slice.digest);
    return stored === undefined ? undefined : { stored, slice };
  }

  #remembered(
    { answers, slices, definitions }: Found,
    edited: EditedProgram,
    again: ProgramAgain,
  ): Relinked | undefined {
    const { archive, areSame, before, details, places, shared } = this.#known;
    const { questions } = this.#options;
    const { graph, sightings } = this.#reader;
    const news = [...edited.edited, ...edited.added];
    for (const { path } of news) graph.noteLeadsOf(path);
    const { table } = this.#reader.slices;
    const renewed = renewedProgram({ again, edited, reader: this.#reader.slices, places, slices });
    const others = new Map<number, ArchivedSlice>();
    for (const [at, { rows, skeleton }] of slices)
      if (skeleton === undefined) return undefined;
      else others.set(at, { parts: rows, skeleton });
    const sorted = new Set([
      ...archive.sorted,
      ...[...slices.values()].flatMap((one) => [...one.sorted].map((part) => table.rowOf(part))),
    ]);
    const written = archive.edited({ ...renewed, places, slices: others, sorted }, this.#options.isAnew);
    if (written === undefined) return undefined;
    const base = written.base?.digest ?? details.slices?.base ?? '';
    const contents = new Uint8Array(table.contents.buffer, table.contents.byteOffset, DIGEST_BYTES * table.size);
    const seen = storedSightings(sightings, before.seen);
    const kept = details.with({
      keys: areSame ? undefined : questions.keys,
      definitions: this.#definitionsWith(definitions),
      files: this.#filesIn(seen, rememberedSources(news, { has: (path) => this.#isDefinition(path) }, true)),
      slices: { base, edits: written.edits?.digest, contents },
    });
    return {
      answers: { ...before, question: questions.digest, seen, answers, shared, details: () => kept },
      archive: written,
    };
  }

  /** By directories in which something was looked for, the files that were read in them. */
  #filesIn(
    { directories }: StoredSightings,
    sources: ReadonlyMap<string, RememberedSource>,
  ): ReadonlyMap<number, readonly RememberedFile[]> {
    const { before, details } = this.#known;
    const found = new Map<number, readonly RememberedFile[]>();
    for (const [at, directory] of directories.entries()) {
      const known = before.seen.directories[at];
      if (directory === known) continue;
      const files = details.filesIn(at);
      const places = new Map(known?.names.map((name, place) => [join(directory.path, name), place]));
      const sourceOf = (path: string): RememberedSource | undefined =>
        sources.get(path) ?? (this.#changed.has(path) ? undefined : files[places.get(path) ?? -1]?.source);
      found.set(at, rememberedFiles(directory, this.#reader.sightings, sourceOf));
    }
    return found;
  }
}

/** As many questions may be new ones where there are only some. */
const FEW_NEW = 16;

const DIGEST_BYTES = 32;

interface Found {
  readonly answers: readonly unknown[];
  readonly slices: ReadonlyMap<number, Slice>;
  /** Those that an edited file made, and new ones. */
  readonly definitions: ReadonlyMap<number, StoredDefinition>;
}

function targetsIn(numbers: readonly number[], again: ProgramAgain): readonly Target[] {
  const targets: Target[] = [];
  for (let at = 0; at < numbers.length; at += 2)
    targets.push({ part: again.partAt(numbers[at] ?? 0), bind: numbers[at + 1] ?? 0 });
  return targets;
}
