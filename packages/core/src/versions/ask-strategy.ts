import type {
  CodeVersion,
  OpVersionContext,
  ResourceVersionContext,
  VersionStrategy,
} from '../definitions/version-strategy.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';

export type Question = OpVersionContext | ResourceVersionContext;

export type Answer = CodeVersion | string | undefined;

/**
 * What a strategy answers, in order: all at once where it can.
 *
 * @throws MemoError M4005 for whatever the strategy throws that is no memo error.
 */
export async function answersOf(strategy: VersionStrategy, questions: readonly Question[]): Promise<readonly Answer[]> {
  if (questions.length === 0) return [];
  try {
    if (strategy.getVersions === undefined)
      return await Promise.all(questions.map(async (question) => askOne(strategy, question)));
    const answers = await strategy.getVersions(questions);
    if (answers.length === questions.length) return answers;
    throw new TypeError(`getVersions gave ${answers.length} versions for ${questions.length} contexts`);
  } catch (cause) {
    throw failureOf(strategy, cause);
  }
}

/** Names a strategy, for errors. */
export function strategyText(strategy: VersionStrategy | undefined): string {
  return strategy === undefined ? 'no version strategy' : `version strategy "${strategy.id}"`;
}

/** What is thrown for whatever a strategy threw: its own memo errors, else M4005. */
export function failureOf(strategy: VersionStrategy, cause: unknown): MemoError {
  if (MemoError.is(cause)) return cause;
  return new MemoError('M4005', `Version strategy "${strategy.id}" failed: ${messageOf(cause)}`, {
    fix: 'Fix the strategy, or declare `version` on the op.',
    cause,
  });
}

function askOne(strategy: VersionStrategy, question: Question): Answer | Promise<Answer> {
  return question.kind === 'op' ? strategy.getOpVersion(question) : strategy.getResourceVersion?.(question);
}

/** True for a strategy that can say what earlier algorithms gave, itself or a part of it. */
export function hasPrevious({ previous, parts = [] }: VersionStrategy): boolean {
  return previous !== undefined || parts.some(hasPrevious);
}

/** The strategy of that id among a strategy and its parts; innermost first, because a strategy for some ops has the id of its part. */
export function strategyOf(strategy: VersionStrategy, id: string): VersionStrategy | undefined {
  for (const part of strategy.parts ?? []) {
    const found = strategyOf(part, id);
    if (found !== undefined) return found;
  }
  return strategy.id === id ? strategy : undefined;
}
