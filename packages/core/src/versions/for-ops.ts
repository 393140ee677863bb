import type { OpVersionContext, VersionStrategy } from '../definitions/version-strategy.ts';
import { answersOf, type Question } from './ask-strategy.ts';
import { attributed, checkParts, composedStrategy } from './composed-strategy.ts';

/** Which ops: names in which `*` stands for any text, or a function that decides. */
export type OpSelector = string | readonly string[] | ((op: OpVersionContext) => boolean);

/**
 * A strategy for some ops only; it has no version for others, nor for resources. Meant for {@link firstOf}:
 * `firstOf(forOps('train*', gitVersion()), sourceHash())`. Versions stay those of the strategy.
 */
export function forOps(selector: OpSelector, strategy: VersionStrategy): VersionStrategy {
  checkParts('forOps', [strategy]);
  const isSelected = selection(selector);
  return composedStrategy({ id: strategy.id, parts: [strategy] }, async (questions) => {
    const open = questions.filter((question) => question.kind === 'op' && isSelected(question));
    const answers = await answersOf(strategy, open);
    const given = new Map<Question, ReturnType<typeof attributed>>(
      open.map((question, index) => [question, attributed(answers[index], strategy, question)]),
    );
    return questions.map((question) => given.get(question));
  });
}

function selection(selector: OpSelector): (op: OpVersionContext) => boolean {
  if (typeof selector === 'function') return selector;
  const names = typeof selector === 'string' ? [selector] : selector;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new TypeError('forOps: takes the name of an op (with * for any text), a list of them, or a function.');
  }
  const shapes = names.map(shapeOf);
  return ({ name }) => shapes.some((shape) => shape.test(name));
}

function shapeOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
