import { MemoError } from '@memo/core/plugin';
import { type ClosureReader, closureReader } from './closure.ts';
import { factsCache } from './process-cache.ts';

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

/** Asks a question about the code that this process loaded; what was found out about texts is kept. */
export function askLoadedCode<T>(options: LoadedCodeOptions, question: (reader: ClosureReader) => T): T {
  const cache = factsCache(options.cache);
  try {
    return question(closureReader(options.tsconfig, cache));
  } finally {
    cache?.flush();
  }
}

/** An answer for each question; those that have none are named in one error. */
export function answerAll<Q, A>(questions: readonly Q[], answer: (question: Q) => A): readonly A[] {
  const errors: MemoError[] = [];
  const answers = questions.flatMap((question) => {
    try {
      return [answer(question)];
    } catch (error) {
      if (!MemoError.is(error)) throw error;
      errors.push(error);
      return [];
    }
  });
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
