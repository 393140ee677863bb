import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import type { OpVersionContext } from '@memo/core/plugin';
import { afterAll, describe, expect, test } from 'vitest';
import { AnswerCache, answersName, type RememberedAnswers } from '../src/answer-cache.ts';
import { AnswerDetails } from '../src/answer-details.ts';
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
const asked = {
  asker: 'asker',
  name: 'name',
  cache: undefined,
  isWhole: true,
  conditions: CONDITIONS,
  tsconfig: undefined,
};

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
    const details = AnswerDetails.of({ keys: questions.keys, files: [[]] });
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

describe('answers to nearly the same questions', () => {
  const directory = mkdtempSync(join(tmpdir(), 'remembered-answers-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const cache = new AnswerCache(directory, true);
  const nameOf = (group: string, contexts: readonly OpVersionContext[]): string =>
    answersName([group], new Questions('code', contexts, []).name);
  const kept = (contexts: readonly OpVersionContext[], asker: string): RememberedAnswers => {
    const questions = new Questions('code', contexts, []);
    const details = AnswerDetails.of({ keys: questions.keys, files: [[]] });
    const answers = contexts.map(({ name }) => name);
    return { asker, question: questions.digest, seen, answers, shared: [], details: () => details };
  };
  const told: string[] = [];
  const ask = (
    contexts: readonly OpVersionContext[],
    group: string,
    isWhole = true,
  ): readonly unknown[] | undefined => {
    const name = nameOf(group, contexts);
    const amend = (_: unknown, changed: readonly string[], from: string): undefined => {
      told.push(`${changed.length} changed, from ${from.slice(0, 32) === nameOf('near', [A, B]).slice(0, 32)}`);
    };
    return recall(new Questions('code', contexts, []), { ...asked, asker: 'near', name, cache, isWhole, amend })
      ?.answers;
  };

  test('serve where they have all that is asked, or where the others can be told, in one group and for whole programs only', () => {
    cache.put(nameOf('near', [A, B]), kept([A, B], 'near'));
    expect(ask([C], 'far')).toBeUndefined();
    expect(ask([A, C], 'near', false)).toBeUndefined();
    expect(told).toEqual([]);
    expect(ask([A, C], 'near')).toBeUndefined();
    expect(told).toEqual(['0 changed, from true']);
    expect(ask([B], 'near')).toEqual(['b']);
    expect(told).toHaveLength(1);
  });

  test('are the newest ones', () => {
    const [older, newer] = [nameOf('times', [A]), nameOf('times', [B])];
    for (const [name, time] of [
      [newer, 2_000],
      [older, 1_000],
    ] as const) {
      cache.put(name, kept([A], 'times'));
      utimesSync(join(directory, `answers-${name.slice(0, 32)}.json`), time, time);
    }
    expect(cache.near(nameOf('times', [C]))).toBe(newer.slice(0, 32));
    expect(cache.near(newer)).toBe(older.slice(0, 32));
  });
});
