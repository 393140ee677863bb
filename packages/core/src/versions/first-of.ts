import type { CodeVersion, VersionStrategy } from '../definitions/version-strategy.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { MemoError } from '../errors/memo-error.ts';
import { answersOf, type Question } from './ask-strategy.ts';
import { attributed, checkParts, composedId, composedStrategy } from './composed-strategy.ts';

/**
 * What a strategy throws where it does not apply: there is no file, no git, no repository. Anything else (an edited file, code that
 * a policy refuses) is an answer, and another strategy must not give a version in spite of it.
 */
const NOT_APPLICABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['M4009', 'M4020', 'M4021']);

/**
 * A strategy that asks others in order: the version of an op or resource is that of the first one that can give one. A strategy cannot
 * when it answers `undefined`, or throws that it does not apply here (M4009, M4020, M4021); all other errors are thrown on. Versions
 * stay those of the strategy that gave them, so a fallback that is added or removed recomputes nothing.
 *
 * `firstOf(gitVersion(), sourceHash())`
 */
export function firstOf(...strategies: readonly [VersionStrategy, ...VersionStrategy[]]): VersionStrategy {
  checkParts('firstOf', strategies);
  if (strategies.length === 0) throw new TypeError('firstOf: takes at least one version strategy.');
  return composedStrategy({ id: composedId('first-of', strategies), parts: strategies }, (questions) =>
    firstAnswers(strategies, questions),
  );
}

async function firstAnswers(
  strategies: readonly VersionStrategy[],
  questions: readonly Question[],
): Promise<readonly (CodeVersion | undefined)[]> {
  const found = new Map<Question, CodeVersion>();
  const refused = new Map<Question, MemoError>();
  for (const strategy of strategies) {
    const open = questions.filter((question) => !found.has(question));
    const attempts = await attemptsOf(strategy, open);
    for (const [index, question] of open.entries()) {
      const attempt = attempts[index];
      if (MemoError.is(attempt)) refused.set(question, refused.get(question) ?? attempt);
      else if (attempt !== undefined) found.set(question, attempt);
    }
  }
  return questions.map((question) => {
    const refusal = refused.get(question);
    if (found.has(question) || refusal === undefined) return found.get(question);
    throw refusal;
  });
}

type Attempt = CodeVersion | MemoError | undefined;

/** One error stands for all questions that were asked at once: they are halved until it is known whose it is. */
async function attemptsOf(strategy: VersionStrategy, questions: readonly Question[]): Promise<readonly Attempt[]> {
  try {
    const answers = await answersOf(strategy, questions);
    return answers.map((answer, index) => attributed(answer, strategy, questions[index] as Question));
  } catch (error) {
    if (!MemoError.is(error) || !NOT_APPLICABLE.has(error.code)) throw error;
    if (questions.length === 1) return [error];
    const middle = questions.length >> 1;
    const first = await attemptsOf(strategy, questions.slice(0, middle));
    return [...first, ...(await attemptsOf(strategy, questions.slice(middle)))];
  }
}
