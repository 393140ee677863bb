import { statSync } from 'node:fs';
import { parse } from 'node:path';
import type { OpVersionContext } from '@memo/core/plugin';
import { describe, expect, test } from 'vitest';
import type { RememberedAnswers } from '../src/answer-cache.ts';
import { Questions } from '../src/questions.ts';
import { recall, remember } from '../src/remembered-answers.ts';
import { CONDITIONS } from './support/hashing.ts';

function definition(name: string, calls = name, run = (): number => 1): OpVersionContext {
  const place = { frames: [], stack: 'Error', calls, definedAt: 0 };
  return { kind: 'op', namespace: 'p', name, run, declared: undefined, definition: place };
}

const [A, B, C] = ['a', 'b', 'c'].map((name) => definition(name)) as [
  OpVersionContext,
  OpVersionContext,
  OpVersionContext,
];

const root = parse(process.cwd()).root;
const seen: RememberedAnswers['seen'] = {
  directories: [
    {
      path: root,
      inode: statSync(root).ino,
      look: '',
      isSettled: false,
      listing: '',
      entries: {},
      names: [],
      looks: [],
      bytes: [],
    },
  ],
  links: [],
  resolutions: [],
};
const asked = { asker: 'asker', name: 'name', cache: undefined, conditions: CONDITIONS, tsconfig: undefined };

function answersTo(
  contexts: readonly OpVersionContext[],
  more: readonly string[] = [],
): readonly unknown[] | undefined {
  const questions = new Questions('code', contexts, more);
  return recall(questions, { ...asked, amend: () => undefined })?.answers;
}

describe('remembered answers', () => {
  test('are given to all questions as they were asked, to some of them, and in another order', () => {
    const questions = new Questions('code', [A, B], []);
    const details = { keys: questions.keys, contents: [[]], sources: {} };
    const said = {
      asker: 'asker',
      question: questions.digest,
      seen,
      answers: [1, 2],
      shared: [],
      details: () => details,
    };
    remember(said, asked, undefined);
    expect(answersTo([A, B])).toEqual([1, 2]);
    expect(answersTo([B])).toEqual([2]);
    expect(answersTo([B, A])).toEqual([2, 1]);
    expect(answersTo([A, A])).toEqual([1, 1]);
  });

  test('are given to no other question: of another op, place, function or declaration', () => {
    expect(answersTo([A, C])).toBeUndefined();
    expect(answersTo([definition('a', 'elsewhere')])).toBeUndefined();
    expect(answersTo([definition('a', 'a', () => 2)])).toBeUndefined();
    expect(answersTo([A], ['more'])).toBeUndefined();
  });

  test('need their keys for other questions only', () => {
    const questions = new Questions('code', [C], []);
    const said = { asker: 'asker', question: questions.digest, seen, answers: [3], shared: [] };
    remember({ ...said, details: () => undefined }, asked, undefined);
    expect(answersTo([C])).toEqual([3]);
    expect(answersTo([C, C])).toBeUndefined();
  });
});
