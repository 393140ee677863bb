import {
  type CodeChange,
  type CodeVersion,
  combine,
  type ErrorCode,
  firstOf,
  forOps,
  type Json,
  job,
  MemoError,
  type OpVersionContext,
  op,
  type Plan,
  resource,
  type VersionStrategy,
} from '@memo/core';
import { describe, expect, test } from 'vitest';
import { caught } from '../support/caught-error.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

const load = op('load', () => 1);
const train = op('train', ({ rows }: { rows: number }) => rows);
const trainAll = op('train-all', ({ rows }: { rows: number }) => rows);
const net = resource('net', { setup: () => 1 });
const ask = op('ask', { uses: { net }, run: (_, { use }) => use.net });

async function untracked(asking: { plan(): Promise<Plan> }): Promise<readonly string[]> {
  return (await asking.plan()).warnings
    .filter(({ code }) => code === 'untracked-resource')
    .map(({ message }) => message);
}

type Answers = Readonly<Record<string, CodeVersion | string | ErrorCode | undefined>>;

/** Answers by name of op; a code of an error is thrown. `calls` says which names were asked at once. */
class Fixed implements VersionStrategy {
  readonly id: string;
  readonly calls: string[] = [];
  answers: Answers;

  constructor(id: string, answers: Answers) {
    this.id = id;
    this.answers = answers;
  }

  getOpVersion(): never {
    throw new Error('asked for one');
  }

  getVersions(contexts: readonly { readonly name: string }[]): readonly (CodeVersion | string | undefined)[] {
    this.calls.push(contexts.map(({ name }) => name).join(' '));
    return contexts.map(({ name }) => {
      const answer = this.answers[name];
      if (typeof answer === 'string' && /^M\d{4}$/.test(answer))
        throw new MemoError(answer as ErrorCode, 'It is refused.', { because: 'A test says so.', fix: 'Ask again.' });
      return answer;
    });
  }
}

function jobOf(versions: VersionStrategy, io: WatchedManager = new WatchedManager()) {
  return job('training', {
    versions,
    io,
    build: () => {
      const rows = load();
      return { train: train({ rows }), all: trainAll({ rows }) };
    },
  });
}

const ALL = { load: '1', train: '1', 'train-all': '1' };

/** The versions that a job's ops get, as `strategy version`. */
async function versionsOf(versions: VersionStrategy, names: readonly string[]): Promise<readonly string[]> {
  const answers = await versions.getVersions?.(names.map((name) => contextOf(name)));
  return (answers ?? []).map((answer) =>
    typeof answer === 'object' ? `${answer.by} ${answer.version}` : String(answer),
  );
}

function contextOf(name: string): OpVersionContext {
  const definition = { frames: [], stack: '', definedAt: 0 };
  return { kind: 'op', namespace: '', name, run: () => 1, declared: undefined, definition };
}

describe('firstOf', () => {
  test('takes the version of the first that has one, and asks the others only about the rest', async () => {
    const [first, second] = [new Fixed('a@1', { load: 'x' }), new Fixed('b@1', ALL)];
    expect(await versionsOf(firstOf(first, second), ['load', 'train'])).toEqual(['a@1 x', 'b@1 1']);
    expect(second.calls).toEqual(['train']);
  });

  test('hands on versions as they are: with or without a fallback everything is re-used', async () => {
    const io = new WatchedManager();
    await jobOf(new Fixed('a@1', ALL), io).run();
    const composed = firstOf(new Fixed('b@1', {}), new Fixed('a@1', ALL));
    expect(whatRan(await jobOf(composed, io).run())).toEqual({ reused: ['load', 'train', 'train-all'] });
  });

  test('runs an op again when another strategy gives the same text as its version', async () => {
    const io = new WatchedManager();
    const first = new Fixed('a@1', ALL);
    const composed = jobOf(firstOf(first, new Fixed('b@1', ALL)), io);
    await composed.run();
    first.answers = { load: '1', 'train-all': '1' };
    expect(whatRan(await composed.run())).toEqual({ ran: ['train'], reused: ['load', 'train-all'] });
  });

  test.each(['M4009', 'M4020', 'M4021'] as const)(
    'goes on where a strategy does not apply (%s), op by op',
    async (code) => {
      const first = new Fixed('a@1', { load: 'x', train: code, 'train-all': 'y' });
      const composed = firstOf(first, new Fixed('b@1', ALL));
      expect(await versionsOf(composed, ['load', 'train', 'train-all'])).toEqual(['a@1 x', 'b@1 1', 'a@1 y']);
    },
  );

  test('throws what the first said when none applies', async () => {
    const composed = firstOf(new Fixed('a@1', { load: 'M4021' }), new Fixed('b@1', {}));
    const error = await caught('M4021', () => jobOf(composed).plan());
    expect(error.problem).toBe('It is refused.');
  });

  test.each(['M4007', 'M4010', 'M4005'] as const)('never gives a version in spite of %s', async (code) => {
    const composed = firstOf(new Fixed('a@1', { train: code }), new Fixed('b@1', ALL));
    await caught(code, () => jobOf(composed).plan());
  });

  test('has no version when none of them has', async () => {
    await caught('M4001', () => jobOf(firstOf(new Fixed('a@1', { load: '1', train: '1' }))).plan());
  });

  test('checks what its parts give, and names the part', async () => {
    const error = await caught('M4003', () => jobOf(firstOf(new Fixed('a@1', { ...ALL, load: 'no version' }))).plan());
    expect(error.problem).toContain('"a@1" for op "load"');
  });
});

describe('forOps', () => {
  test.each([
    ['a name', 'train', ['train']],
    ['a pattern', 'train*', ['train', 'train-all']],
    ['a list', ['load', '*-all'], ['load', 'train-all']],
    ['a function', ({ name }: OpVersionContext) => name.length > 5, ['train-all']],
  ] as const)('takes %s, and asks about nothing else', async (_, selector, expected) => {
    const part = new Fixed('a@1', ALL);
    await versionsOf(forOps(selector, part), ['load', 'train', 'train-all']);
    expect(part.calls).toEqual([expected.join(' ')]);
  });

  test('leaves other ops and all resources to others', async () => {
    const versions = firstOf(forOps('ask', new Fixed('a@1', { ask: 'x' })), new Fixed('b@1', { net: 'y' }));
    const asking = job('asking', { versions, io: new WatchedManager(), build: () => ask() });
    expect(whatRan(await asking.run())).toEqual({ ran: ['ask'] });
    expect(await untracked(asking)).toEqual([]);
  });

  test('hands on versions as they are', async () => {
    const io = new WatchedManager();
    await jobOf(new Fixed('a@1', ALL), io).run();
    expect(whatRan(await jobOf(forOps('*', new Fixed('a@1', ALL)), io).run())).toEqual({
      reused: ['load', 'train', 'train-all'],
    });
  });

  test('takes special characters of a name as they are', async () => {
    const part = new Fixed('a@1', {});
    await versionsOf(forOps('a.b', part), ['axb', 'a.b']);
    expect(part.calls).toEqual(['a.b']);
  });
});

describe('combine', () => {
  test('runs an op again when either part says so, and re-uses it when both say the same', async () => {
    const [first, second] = [new Fixed('a@1', ALL), new Fixed('b@1', ALL)];
    const combined = jobOf(combine(first, second));
    await combined.run();
    expect(whatRan(await combined.run())).toEqual({ reused: ['load', 'train', 'train-all'] });
    first.answers = { ...ALL, train: '2' };
    expect(whatRan(await combined.run())).toEqual({ ran: ['train'], reused: ['load', 'train-all'] });
    second.answers = { ...ALL, 'train-all': '2' };
    expect(whatRan(await combined.run())).toEqual({ ran: ['train-all'], reused: ['load', 'train'] });
  });

  test('keeps apart whose text is whose', async () => {
    const versions = await Promise.all(
      [
        ['1', '12'],
        ['11', '2'],
        ['112', ''],
      ].map(async ([a, b]) => {
        const parts = [new Fixed('a@1', { load: a }), ...(b === '' ? [] : [new Fixed('b@1', { load: b })])];
        const [version] = await versionsOf(combine(...(parts as [Fixed, ...Fixed[]])), ['load']);
        return version;
      }),
    );
    expect(new Set(versions).size).toBe(3);
  });

  test('has no version where a part has none', async () => {
    const composed = combine(new Fixed('a@1', ALL), new Fixed('b@1', { load: '1' }));
    expect(await versionsOf(composed, ['train'])).toEqual(['undefined']);
  });

  test('leaves out, for resources, strategies that do not speak of them', async () => {
    const ops: VersionStrategy = { id: 'ops@1', getOpVersion: () => '1' };
    const both = new Fixed('a@1', { ask: '1', net: '1' });
    const asking = job('asking', { versions: combine(ops, both), io: new WatchedManager(), build: () => ask() });
    await asking.run();
    expect(await untracked(asking)).toEqual([]);
    both.answers = { ask: '1', net: '2' };
    expect(whatRan(await asking.run())).toEqual({ ran: ['ask'] });
  });

  test('is as sure as the least sure part, and says once what each cannot see', async () => {
    const seen = { kind: 'eval', message: 'eval runs code' };
    const composed = combine(
      new Fixed('a@1', { load: { version: '1', certainty: 'assumed', uncertain: [seen], loadsLate: true } }),
      new Fixed('b@1', { load: { version: '1', certainty: 'untrackable', uncertain: [seen], volatile: true } }),
      new Fixed('c@1', { load: '1' }),
    );
    expect(await composed.getVersions?.([contextOf('load')])).toMatchObject([
      { certainty: 'untrackable', uncertain: [seen], loadsLate: true, volatile: true },
    ]);
  });
});

describe('what changed, in words,', () => {
  class Told extends Fixed {
    diffManifests(before: Json, after: Json): readonly CodeChange[] {
      return [{ what: 'file', name: `${this.id}: ${JSON.stringify([before, after])}`, how: 'changed' }];
    }
  }
  const at = (version: string): CodeVersion => ({ version, manifest: `m${version}` });

  async function changesAfter(versions: VersionStrategy, edit: () => void): Promise<readonly unknown[]> {
    const training = jobOf(versions);
    await training.run();
    edit();
    const reasons = (await training.plan()).explain('load').reasons;
    return reasons
      .flatMap((reason) => (reason.code === 'changed' ? reason.changes : []))
      .flatMap((change) => (change.kind === 'code' ? change.changes : []));
  }

  test('is told by the part that gave the version', async () => {
    const [first, second] = [new Told('a@1', {}), new Told('b@1', { ...ALL, load: at('1') })];
    const changes = await changesAfter(firstOf(first, forOps('*', second)), () => {
      second.answers = { ...ALL, load: at('2') };
    });
    expect(changes).toMatchObject([{ name: 'b@1: ["m1","m2"]' }]);
  });

  test('is told by all parts of a combination that changed; a version stands for itself where there is no manifest', async () => {
    const parts = [new Told('a@1', { ...ALL, load: at('8') }), new Fixed('b@1', ALL), new Fixed('c@1', ALL)] as const;
    const changes = await changesAfter(combine(parts[0], firstOf(parts[1]), parts[2]), () => {
      parts[0].answers = { ...ALL, load: at('9') };
      parts[1].answers = { ...ALL, load: '5' };
    });
    expect(changes).toEqual([
      { what: 'file', name: 'a@1: ["m8","m9"]', how: 'changed' },
      { what: 'version', name: 'b@1', how: 'changed', before: '1', after: '5' },
    ]);
  });

  test('takes anything for a manifest', () => {
    const composed = combine(new Fixed('a@1', ALL));
    for (const wrong of [null, 1, 'a', [], [null], [{ by: 1 }], { parts: [] }]) {
      expect(composed.diffManifests?.(wrong as Json, wrong as Json)).toEqual([]);
    }
  });
});

test('wrong arguments are refused', () => {
  expect(() => Reflect.apply(firstOf, undefined, [])).toThrow(TypeError);
  expect(() => Reflect.apply(combine, undefined, [])).toThrow(TypeError);
  expect(() => Reflect.apply(combine, undefined, [{ id: 'x' }])).toThrow(TypeError);
  for (const selector of [undefined, '', [''], [1], 5]) {
    expect(() => Reflect.apply(forOps, undefined, [selector, new Fixed('a@1', {})])).toThrow(TypeError);
  }
});
