import { AssertionError } from 'node:assert';
import { nearest } from '../trace/did-you-mean.ts';

/**
 * The steps that patterns name: ids, in which `*` stands for any text.
 *
 * @throws AssertionError for a pattern that names no step: a test that asks for a step that is not there tests nothing.
 */
export function stepsNamed(patterns: readonly string[], ids: readonly string[]): readonly string[] {
  const named = new Set<string>();
  for (const pattern of patterns) {
    const shape = shapeOf(pattern);
    const matching = ids.filter((id) => shape.test(id));
    if (matching.length === 0) throw noSuchStep(pattern, ids);
    for (const id of matching) named.add(id);
  }
  return ids.filter((id) => named.has(id));
}

function shapeOf(pattern: string): RegExp {
  if (typeof pattern !== 'string') throw new TypeError(`A step is named by a text; got ${typeof pattern}.`);
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|/-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

const MOST_LISTED = 20;

function noSuchStep(pattern: string, ids: readonly string[]): AssertionError {
  const meant = nearest(pattern, ids);
  const listed = ids.slice(0, MOST_LISTED).join(', ') + (ids.length > MOST_LISTED ? ', …' : '');
  return new AssertionError({
    message: `No step is called "${pattern}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} Steps: ${listed}.`,
    actual: ids,
    expected: pattern,
    operator: 'stepsNamed',
  });
}
