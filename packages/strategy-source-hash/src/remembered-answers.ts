import type { AnswerCache, RememberedAnswers } from './answer-cache.ts';
import { adoptFile, adoptLooks, distrustsAny } from './loaded-files.ts';
import type { Questions } from './questions.ts';
import { filesAgain, type SameDiskOptions } from './same-disk.ts';
import type { Written } from './slice-archive.ts';
import { lookAt } from './source-files.ts';

/** Sets of questions that one process keeps. */
const MOST_KEPT = 8;

interface Kept {
  readonly said: RememberedAnswers;
  /** True when this process knows the files already. */
  isAdopted: boolean;
}

/** What this process has found out itself, or has taken from an earlier one, newest last. */
const kept: Kept[] = [];

export interface RecallOptions extends SameDiskOptions {
  readonly asker: string;
  /** Names the set of questions, as this asker asks them. */
  readonly name: string;
  readonly cache: AnswerCache | undefined;
  /** True when the answers are worth a file, so that those to nearly the same questions may serve. */
  readonly isWhole: boolean;
  /**
   * The answers after edits of some files, or to other questions, where these can be told without a look at all files. `from` names those that were
   * remembered.
   */
  amend(before: RememberedAnswers, changed: readonly string[], from: string): Amended | undefined;
}

/** Answers after edits, and the slices that they were made from where these are others. */
export interface Amended {
  readonly answers: RememberedAnswers;
  readonly archive: Written | undefined;
}

/** Answers as they were stored, in the order of the questions. */
export interface Recalled {
  readonly answers: readonly unknown[];
  readonly shared: readonly unknown[];
  /** All that they were among, and the name of that. */
  readonly said: RememberedAnswers;
  readonly from: string;
}

/**
 * The stored answers to some questions, when all that these rest on is as it was, but for edits that can be told by themselves; `undefined` when
 * one is missing, or something else may have changed.
 */
export function recall(questions: Questions, options: RecallOptions): Recalled | undefined {
  // An edit that was seen counts until the process ends, whatever the files look like.
  if (distrustsAny()) return undefined;
  const { asker, name, cache } = options;
  const known = kept.findLast(({ said }) => said.asker === asker && placesIn(said, questions) !== undefined)?.said;
  const { found, from } = known === undefined ? foundIn(options) : { found: known, from: name };
  const files = found?.asker === asker ? filesAgain(found.seen, options) : undefined;
  if (found === undefined || files === undefined) return undefined;
  const isSame = files.changed.length === 0 && placesIn(found, questions) !== undefined;
  const amended = isSame ? undefined : options.amend(found, files.changed, from);
  const current = isSame ? found : amended?.answers;
  const places = current && placesIn(current, questions);
  if (current === undefined || places === undefined) return undefined;
  adoptLooks((looks) => files.addTo(looks));
  if (current !== found) cache?.put(name, current, amended?.archive);
  if (current !== known) keep({ said: current, isAdopted: false });
  const answers = places.map((at) => current.answers[at]);
  return { answers, shared: current.shared, said: current, from: current === found ? from : name };
}

/** The answers to these questions, or the newest ones to others. */
function foundIn({ name, cache, isWhole }: RecallOptions): {
  readonly found: RememberedAnswers | undefined;
  readonly from: string;
} {
  const found = cache?.get(name);
  const near = found === undefined && isWhole ? cache?.near(name) : undefined;
  return near === undefined ? { found, from: name } : { found: cache?.get(near), from: near };
}

/** Where the answers to some questions are; `undefined` when one has none. */
function placesIn(said: RememberedAnswers, questions: Questions): readonly number[] | undefined {
  if (said.question === questions.digest) return said.answers.map((_, at) => at);
  const known = new Map(said.details()?.keys.map((key, at) => [key, at]));
  const places = questions.keys.flatMap((key) => known.get(key) ?? []);
  return places.length === questions.keys.length ? places : undefined;
}

/** Remembers answers that this process has just found. */
export function remember(
  answers: RememberedAnswers,
  { name, cache }: Pick<RecallOptions, 'name' | 'cache'>,
  archive: Written | undefined,
): void {
  if (distrustsAny()) return;
  keep({ said: answers, isAdopted: true });
  cache?.put(name, answers, archive);
}

/** Has this process know the files that remembered answers rest on, before it looks at files itself: what they were is what it loaded. */
export function adoptRemembered(): void {
  for (const one of kept) {
    if (one.isAdopted) continue;
    one.isAdopted = true;
    const details = one.said.details();
    for (const [at, { path, names, looks }] of one.said.seen.directories.entries()) {
      const files = details?.filesIn(at);
      for (const [place, name] of names.entries())
        adoptFile(`${path}/${name}`, lookAt(looks, place), files?.[place]?.contents ?? []);
    }
  }
}

function keep(one: Kept): void {
  kept.push(one);
  if (kept.length > MOST_KEPT) kept.shift();
}
