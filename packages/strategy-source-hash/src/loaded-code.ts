import { MemoError } from '@memo/core/plugin';
import { type AmendOptions, amendedAnswers } from './amended-answers.ts';
import { answersName, once, type RememberedAnswers } from './answer-cache.ts';
import { AnswerDetails } from './answer-details.ts';
import { askerOf, type Circumstances } from './asker.ts';
import { type ClosureReader, closureReader } from './closure.ts';
import { FactsScouts } from './facts-scouts.ts';
import { type ArchivedSlices, keptSlices } from './keep-program.ts';
import { keptReader } from './kept-reader.ts';
import { sourceCache } from './process-cache.ts';
import type { Questions } from './questions.ts';
import { type Asking, relinkedAnswers } from './relinked-answers.ts';
import { adoptRemembered, type Recalled, type RecallOptions, recall, remember } from './remembered-answers.ts';
import { rememberedFiles, rememberedSources } from './remembered-files.ts';
import { runtimeConditions, stripsTypes } from './runtime-conditions.ts';
import { SharedValues, StoredValues } from './shared-values.ts';
import type { Slice } from './slice/slice.ts';
import type { Written } from './slice-archive.ts';
import type { StoredDefinition } from './stored-definition.ts';
import { type StoredSightings, storedSightings } from './stored-sightings.ts';

/** How the files of loaded code are found and read. */
export interface LoadedCodeOptions {
  /**
   * The tsconfig whose `paths` and compiler options the runner uses for all files. Default: the one nearest to each file,
   * which is right unless a runner was pointed to another.
   */
  readonly tsconfig?: string | undefined;
  /**
   * The directory that remembers what was found out about source texts, so that an unchanged file is parsed once and not once a process; a
   * relative path is one from the working directory. Default: `.memo/cache/source-hash` of the project, if it has a `.memo`. It may be
   * deleted at any time, and is to be trusted as much as the store. `false`: none, which costs about 10 ms a source file and process.
   */
  readonly cache?: false | string | undefined;
}

/** Asks a question about the code that this process loaded, from `definitions` on; what was found out about texts is kept. */
export function askLoadedCode<T>(
  options: LoadedCodeOptions,
  question: (reader: ClosureReader) => T,
  definitions: Iterable<string> = [],
): T {
  const cache = sourceCache(options.cache);
  const around = circumstances(options);
  adoptRemembered();
  try {
    const reader = closureReader(around, cache);
    return reader.graph.analysis.withScouts(new FactsScouts(definitions, around), () => question(reader));
  } finally {
    cache?.facts.flush();
    cache?.texts.flush();
  }
}

/** Questions about definitions whose answers are remembered, in this process and by later ones. */
export interface Inquiry<A> {
  readonly questions: Questions;
  /** True when the answers are worth a file. */
  readonly isWhole: boolean;
  answer(reader: ClosureReader): readonly Outcome<A>[];
  /** An answer as JSON, in which `share` stands for a value that many have in common; `undefined` for one that must not be remembered. */
  store(answer: A, share: (value: unknown) => number): unknown;
  /** The slices that an answer was made from, and a stored answer for another digest of its slice; absent where slices do not matter. */
  readonly slices?: {
    of(answer: A): Slice | undefined;
    /** The answer to one question. */
    answer(at: number, reader: ClosureReader): A;
    amend(stored: unknown, digest: string): unknown;
    /** The definition that a question is about. */
    definition(at: number, reader: ClosureReader): StoredDefinition;
    /** The files that made it. */
    files(at: number): readonly string[];
    /** True when nothing is said of a stored answer but what its slice decides. */
    isPlain(stored: unknown, shared: StoredValues): boolean;
    define: AmendOptions['define'];
  };
  /** The answer to the question at a place that was stored; `undefined` when it is none. */
  restore(stored: unknown, at: number, known: KnownOfAnswers): A | undefined;
}

/** What is known of stored answers together. */
export interface KnownOfAnswers {
  readonly shared: StoredValues;
  /** Reads the program that they are about as it was kept; `undefined` where it was not. */
  kept(): ClosureReader | undefined;
}

/** An answer, or why there is none. */
export type Outcome<A> = { readonly answer: A } | { readonly error: MemoError };

/** Answers from memory where nothing that they rest on has changed, else by looking. */
export function askRemembering<A>(options: LoadedCodeOptions, inquiry: Inquiry<A>): readonly Outcome<A>[] {
  const around = circumstances(options);
  const asker = askerOf(around);
  const { questions } = inquiry;
  // Programs that load the same ops come to them by other calls: they do not replace each other's answers.
  const name = answersName(
    [asker, process.argv[1] ?? '', inquiry.slices === undefined ? 'files' : 'code'],
    questions.name,
  );
  const caches = sourceCache(options.cache);
  const cache = caches?.answers;
  const amending: Omit<AmendOptions, 'archive'> = {
    facts: caches?.facts,
    amend: (stored, digest) => inquiry.slices?.amend(stored, digest),
    questions,
    define: (before, edits) => inquiry.slices?.define(before, edits),
  };
  const amend: RecallOptions['amend'] = (before, changed, from) => {
    const archive: AmendOptions['archive'] = (slices) => cache?.archive(from, slices);
    const isAnew = from !== name;
    const answers = isAnew ? undefined : amendedAnswers(before, changed, { ...amending, archive });
    if (answers !== undefined) return { answers, archive: undefined };
    return relinkedAnswers(before, changed, {
      ...amending,
      archive,
      isAnew,
      around,
      asking: (shared) => askingOneByOne(inquiry, shared),
    });
  };
  const recalled = recall(questions, { ...around, asker, name, cache, amend, isWhole: inquiry.isWhole });
  const kept = once(() => {
    const archive: AmendOptions['archive'] = (slices) => cache?.archive(recalled?.from ?? name, slices);
    return recalled && keptReader(recalled.said, { archive, around, facts: caches?.facts, texts: caches?.texts });
  });
  const restored = recalled && restoredAnswers(recalled, inquiry, kept);
  if (restored !== undefined) return restored;
  return askLoadedCode(
    options,
    (reader) => {
      const outcomes = inquiry.answer(reader);
      reader.graph.noteLeads();
      const found = inquiry.isWhole
        ? rememberedAnswers(outcomes, inquiry, { reader, isKept: cache !== undefined })
        : undefined;
      if (found !== undefined) remember({ ...found.answers, asker }, { name, cache }, found.archive);
      return outcomes;
    },
    questions.definitions,
  );
}

/** `undefined` where slices do not matter. */
export function askingOneByOne<A>({ slices, store }: Inquiry<A>, shared: unknown[]): Asking | undefined {
  if (slices === undefined) return undefined;
  const common = new SharedValues(shared);
  const values = new StoredValues(shared);
  return {
    amend: (stored, digest) => (slices.isPlain(stored, values) ? slices.amend(stored, digest) : undefined),
    definition: slices.definition,
    files: slices.files,
    answer(at, reader) {
      const answer = slices.answer(at, reader);
      const [slice, stored] = [slices.of(answer), store(answer, (value) => common.numberOf(value))];
      return slice === undefined || stored === undefined ? undefined : { stored, slice };
    },
  };
}

/** `undefined` when one of them is none. */
function restoredAnswers<A>(
  { answers, shared }: Recalled,
  { restore }: Inquiry<A>,
  kept: KnownOfAnswers['kept'],
): readonly Outcome<A>[] | undefined {
  const known = { shared: new StoredValues(shared), kept };
  const restored: Outcome<A>[] = [];
  for (const [at, stored] of answers.entries()) {
    const answer = restore(stored, at, known);
    if (answer === undefined) return undefined;
    restored.push({ answer });
  }
  return restored;
}

/** Answers as they are remembered; `undefined` where one cannot be. `isKept`: for later processes, too, which may find that files were edited. */
export function rememberedAnswers<A>(
  outcomes: readonly Outcome<A>[],
  inquiry: Inquiry<A>,
  { reader, isKept }: { readonly reader: ClosureReader; readonly isKept: boolean },
): { readonly answers: Omit<RememberedAnswers, 'asker'>; readonly archive: Written | undefined } | undefined {
  const stored = reader.graph.edited.size === 0 ? storedAnswers(outcomes, inquiry) : undefined;
  if (stored === undefined) return undefined;
  const archived = isKept ? archivedSlices(outcomes, inquiry, reader) : undefined;
  const seen = storedSightings(reader.sightings);
  const details = detailsOf(reader, inquiry, { seen, archived });
  const answers = { question: inquiry.questions.digest, seen, ...stored, details: () => details };
  return { answers, archive: archived && { base: archived.archive } };
}

function detailsOf<A>(
  reader: ClosureReader,
  inquiry: Inquiry<A>,
  { seen, archived }: { readonly seen: StoredSightings; readonly archived: ArchivedSlices | undefined },
): AnswerDetails {
  const { definitions, keys } = inquiry.questions;
  const slices = archived && { base: archived.archive.digest, contents: archived.contents };
  // Answers that rest on slices which cannot be kept are not to be amended.
  const isAmendable = inquiry.slices === undefined || slices !== undefined;
  const sources = isAmendable ? rememberedSources(reader.graph.known(), definitions, slices !== undefined) : undefined;
  return AnswerDetails.of({
    keys,
    definitions: slices && keys.flatMap((_, at) => inquiry.slices?.definition(at, reader) ?? []),
    files: seen.directories.map((one) => rememberedFiles(one, reader.sightings, (path) => sources?.get(path))),
    slices,
  });
}

function archivedSlices<A>(
  outcomes: readonly Outcome<A>[],
  { slices }: Inquiry<A>,
  { slices: reader }: ClosureReader,
): ArchivedSlices | undefined {
  const all: Slice[] = [];
  for (const outcome of outcomes) {
    const slice = 'answer' in outcome ? slices?.of(outcome.answer) : undefined;
    if (slice?.skeleton === undefined) return undefined;
    all.push(slice);
  }
  return all.length === 0 ? undefined : keptSlices(all, reader);
}

function storedAnswers<A>(
  outcomes: readonly Outcome<A>[],
  { store }: Inquiry<A>,
): Pick<RememberedAnswers, 'answers' | 'shared'> | undefined {
  const shared = new SharedValues();
  const answers: unknown[] = [];
  for (const outcome of outcomes) {
    const stored = 'answer' in outcome ? store(outcome.answer, (value) => shared.numberOf(value)) : undefined;
    if (stored === undefined) return undefined;
    answers.push(stored);
  }
  return { answers, shared: shared.values };
}

function circumstances({ tsconfig }: LoadedCodeOptions): Circumstances {
  return { tsconfig, conditions: runtimeConditions(), nativeTypes: stripsTypes() };
}

/** The outcome for each question. */
export function outcomesOf<Q, A>(questions: Iterable<Q>, answer: (question: Q) => A): readonly Outcome<A>[] {
  return Array.from(questions, (question) => {
    try {
      return { answer: answer(question) };
    } catch (error) {
      if (!MemoError.is(error)) throw error;
      return { error };
    }
  });
}

/** The answers; questions that have none are named in one error. */
export function answersIn<A>(outcomes: readonly Outcome<A>[]): readonly A[] {
  const answers: A[] = [];
  const errors: MemoError[] = [];
  for (const outcome of outcomes) {
    if ('error' in outcome) errors.push(outcome.error);
    else answers.push(outcome.answer);
  }
  const [first] = errors;
  if (first === undefined) return answers;
  throw errors.length === 1 ? first : gathered(first, errors);
}

/** One error for many: each file or place once, however many ops it concerns. */
function gathered(first: MemoError, errors: readonly MemoError[]): MemoError {
  const distinct = new Map(errors.map((error) => [`${error.code} ${error.place?.file ?? error.problem}`, error]));
  return new MemoError(first.code, `${errors.length} ops or resources have no version`, {
    ...(first.fix === undefined ? {} : { fix: first.fix }),
    place: first.place,
    details: first.details,
    errors: [...distinct.values()],
  });
}
