import type { AnswerCache, RememberedAnswers } from './answer-cache.ts';
import { adoptFile, adoptLooks, distrustsAny } from './loaded-files.ts';
import { filesAgain, type SameDiskOptions } from './same-disk.ts';

/** Sets of questions that one process keeps. */
const MOST_KEPT = 8;

interface Kept extends RememberedAnswers {
  /** True when this process knows the files already. */
  isAdopted: boolean;
}

/** What this process has found out itself, or has taken from an earlier one, newest last. */
const kept: Kept[] = [];

export interface RecallOptions extends SameDiskOptions {
  readonly asker: string;
  /** Names the set of questions. */
  readonly name: string;
  readonly cache: AnswerCache | undefined;
  /** The answers after edits of some files, where these can be told without a look at all others. */
  amend(before: RememberedAnswers, changed: readonly string[]): RememberedAnswers | undefined;
}

/** Answers as they were stored. */
export interface Recalled {
  readonly answers: readonly unknown[];
  readonly shared: readonly unknown[];
}

/**
 * The stored answers to some questions, by their keys, when all that these rest on is as it was, but for edits that can be told by themselves;
 * `undefined` when one is missing, or something else may have changed.
 */
export function recall(keys: readonly string[], options: RecallOptions): Recalled | undefined {
  // An edit that was seen counts until the process ends, whatever the files look like.
  if (distrustsAny()) return undefined;
  const { asker, name, cache } = options;
  const answers = (one: RememberedAnswers | undefined): one is RememberedAnswers =>
    one?.asker === asker && keys.every((key) => Object.hasOwn(one.answers, key));
  const known = kept.findLast((one) => answers(one));
  const found = known ?? cache?.get(name);
  const files = answers(found) ? filesAgain(found.seen, options) : undefined;
  if (found === undefined || files === undefined) return undefined;
  const current = files.changed.length === 0 ? found : options.amend(found, files.changed);
  if (current === undefined) return undefined;
  adoptLooks(files.same);
  if (current !== found) cache?.put(name, current);
  if (current !== known) keep({ ...current, isAdopted: false });
  return { answers: keys.map((key) => current.answers[key]), shared: current.shared };
}

/** Remembers answers that this process has just found. */
export function remember(
  answers: RememberedAnswers,
  { name, cache }: Pick<RecallOptions, 'name' | 'cache'>,
  archive: Buffer | undefined,
): void {
  if (distrustsAny()) return;
  keep({ ...answers, isAdopted: true });
  cache?.put(name, answers, archive);
}

/** Has this process know the files that remembered answers rest on, before it looks at files itself: what they were is what it loaded. */
export function adoptRemembered(): void {
  for (const one of kept) {
    if (one.isAdopted) continue;
    one.isAdopted = true;
    for (const { path, files } of one.seen.directories) {
      for (const [name, look, , contents] of files) adoptFile(`${path}/${name}`, look, contents);
    }
  }
}

function keep(one: Kept): void {
  kept.push(one);
  if (kept.length > MOST_KEPT) kept.shift();
}
