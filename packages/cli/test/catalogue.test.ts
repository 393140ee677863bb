import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnyJob,
  configure,
  ERROR_CODES,
  type ErrorCode,
  job,
  MemoError,
  memory,
  op,
  provide,
  resource,
} from '@memo/core';
import type { IOManager, MemoizableIOManager } from '@memo/core/plugin';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import { fakeStrategy } from './support/fake-strategy.ts';
import { type Prompt, prompt } from './support/prompt.ts';
import { plansOf, STRATEGY_PROJECTS } from './support/strategy-projects.ts';
import { training } from './support/training.ts';

/** How a person meets a code at the prompt. */
interface Meeting {
  readonly jobs?: readonly AnyJob[] | (() => readonly AnyJob[]);
  readonly io?: IOManager;
  /** What came before. */
  readonly before?: (at: Prompt) => unknown;
  /** Default: `plan`. */
  readonly line?: string;
  /** Default: the one of the code's group. */
  readonly exit: number;
  /** Called when the run says something. */
  readonly meanwhile?: (at: Prompt) => void;
}

const versions = fakeStrategy({});
const load = op('load', () => 1);
const clean = op('clean', ({ docs }: { docs: unknown }) => docs);
const db = resource('db', { setup: () => 1 });
const read = op('read', { uses: { db }, run: (_: object, { use }) => use.db });
const jobOf = (build: () => unknown, spec: object = {}): readonly AnyJob[] => [
  job('wrong', { versions, build: build as never, ...spec }) as AnyJob,
];
/** A job of one step; the op is made once, not each time that the job is built. */
const ofOp = (made: unknown, spec: object = {}): readonly AnyJob[] => jobOf(made as () => unknown, spec);
const trained = [training({ versions })];

/** A store of which one method fails. */
function brokenStore(broken: (store: MemoizableIOManager) => Partial<MemoizableIOManager>): MemoizableIOManager {
  const store = memory();
  return Object.assign(Object.create(store) as MemoizableIOManager, {
    name: 'broken',
    handleOutput: store.handleOutput.bind(store),
    loadInput: store.loadInput.bind(store),
    hasOutput: store.hasOutput.bind(store),
    ...broken(store),
  });
}

function fail(error: Error): never {
  throw error;
}

let drift = 0;

const MEETINGS: Readonly<Partial<Record<ErrorCode, Meeting>>> = {
  M1001: { before: (at) => rmSync(join(at.directory, 'memo.config.ts')), exit: 2 },
  M1002: { line: 'plan --nonsense', exit: 2 },
  M1003: { jobs: trained, line: 'plan trainng', exit: 2 },
  M1004: { before: (at) => Object.assign(at, { config: { default: {} } }), exit: 2 },
  M1005: { before: (at) => Object.assign(at, { config: new RangeError('broken') }), exit: 2 },
  M1006: { jobs: trained, line: 'why fit --against last', exit: 3 },
  M2000: {
    jobs: jobOf(() => {
      clean({ doc: load() } as never);
      return { count: 5 };
    }),
    exit: 2,
  },
  M2101: { before: (at) => Object.assign(at, { config: caught(() => load()) }), exit: 2 },
  M2102: { jobs: jobOf(() => [load({}, { id: 'a' }), load({}, { id: 'a' })]), exit: 2 },
  M2103: { jobs: jobOf(async () => load()), exit: 2 },
  M2104: { jobs: jobOf(() => (load() as unknown as number[]).length), exit: 2 },
  M2106: { jobs: jobOf(() => clean({ docs: { nested: load() } })), exit: 2 },
  M2107: { jobs: jobOf(() => clean({ doc: load() } as never)), exit: 2 },
  M2108: { jobs: jobOf(() => Array.from({ length: ++drift }, () => load())), exit: 2 },
  M2109: { jobs: jobOf(() => load({}, { after: 'load' })), exit: 2 },
  M2110: {
    jobs: jobOf(() => [op('same', () => 1)(), op('same', () => 2)()]),
    exit: 2,
  },
  M2111: {
    jobs: () => {
      const leaked: { ref?: unknown } = {};
      const build = (): never => {
        leaked.ref = load();
        return leaked.ref as never;
      };
      const leak = job('leak', { versions, build });
      return [leak as AnyJob, ...jobOf(() => clean({ docs: leaked.ref }))];
    },
    before: (at) => at.memo('plan leak'),
    line: 'plan wrong',
    exit: 2,
  },
  M2112: { jobs: jobOf(() => fail(new RangeError('no such split'))), exit: 2 },
  M2113: { jobs: jobOf(() => clean({ docs: () => 1 })), exit: 2 },
  M2114: { jobs: jobOf(() => ({ count: 5 })), exit: 2 },
  M3001: { jobs: trained, line: 'plan --set source=5', exit: 2 },
  M3004: {
    jobs: ofOp(op('read', { uses: { db: resource.required<number>('db') }, run: () => 1 })),
    exit: 2,
  },
  M3005: {
    jobs: jobOf(() => undefined, {
      config: z.object({ apiKey: z.string().default('sk-4f9d1c7a') }),
      secret: ['apiKey'],
      build: ({ apiKey }: { apiKey: string }) => clean({ docs: apiKey }),
    }),
    exit: 2,
  },
  M3006: {
    jobs: ofOp(op('read', { env: [{ name: 'MEMO_TEST_TOKEN', secret: true }], run: () => 1 })),
    before: () => {
      vi.stubEnv('MEMO_TEST_TOKEN', 'x');
      vi.stubEnv('MEMO_SECRET_KEY', undefined);
    },
    exit: 2,
  },
  M3007: {
    jobs: () => {
      const needsA = resource.required<number>('a');
      const b = resource('b', { uses: { needsA }, setup: () => 1 });
      const a = resource('a', { uses: { b }, setup: () => 1 });
      return ofOp(op('ask', { uses: { a }, run: () => 1 }), { resources: [configure(a, {})] });
    },
    exit: 2,
  },
  M3008: {
    jobs: () => {
      const broken = resource('broken', { setup: () => fail(new Error('refused')) });
      return ofOp(op('ask', { uses: { broken }, run: () => 1 }));
    },
    line: 'run --progress none',
    exit: 1,
  },
  M3009: {
    jobs: () => {
      const busy = resource('busy', { setup: () => 1, teardown: () => fail(new Error('busy')) });
      return ofOp(op('ask', { uses: { busy }, run: () => 1 }));
    },
    line: 'run --progress none',
    exit: 1,
  },
  M3010: {
    jobs: () => {
      const other = resource('db', { setup: () => 2 });
      const reading = op('other', { uses: { db: other }, run: () => 1 });
      return jobOf(() => [read(), reading()]);
    },
    exit: 2,
  },
  M4001: { jobs: jobOf(() => load(), { versions: { id: 'none', getOpVersion: () => undefined } }), exit: 2 },
  M4002: {
    jobs: jobOf(() => load()),
    io: { name: 'plain', handleOutput: () => undefined, loadInput: () => 1 },
    exit: 2,
  },
  M4003: { jobs: jobOf(() => load(), { versions: { id: 'odd', getOpVersion: () => 'a b' } }), exit: 2 },
  M4005: {
    jobs: jobOf(() => load(), { versions: { id: 'odd', getOpVersion: () => fail(new RangeError('no')) } }),
    exit: 2,
  },
  M4008: { jobs: jobOf(() => read(), { resources: [provide(db, 1)] }), exit: 2 },
  M4012: {
    before: (at) => {
      const mute = { id: 'mute', getOpVersion: () => new Promise<never>(() => undefined) };
      const made = job('mute', { versions: mute, build: () => load() });
      const hurried = { ...made, plan: () => made.plan({ answerTimeoutMs: 1 }) };
      Object.assign(at, { config: { default: { kind: 'project', jobs: [hurried] } } });
    },
    exit: 2,
  },
  M4011: { jobs: trained, line: 'bless fit --why x', exit: 3 },
  M5001: { jobs: ofOp(op('odd', () => () => 1)), line: 'run --progress none', exit: 1 },
  M5002: {
    jobs: jobOf(() => load()),
    io: brokenStore(() => ({ handleOutput: () => fail(new Error('AccessDenied')) })),
    line: 'run --progress none',
    exit: 5,
  },
  M5003: {
    before: (at) => writeFileSync(join(at.directory, 'r.memo'), 'no bundle'.repeat(9)),
    jobs: trained,
    line: 'cache import r.memo',
    exit: 4,
  },
  M5004: { jobs: trained, line: 'get report', exit: 3 },
  M5006: { jobs: trained, line: 'cache export -o none/r.memo', exit: 5 },
  M5008: {
    jobs: jobOf(() => load()),
    io: brokenStore(() => ({ hasOutput: () => fail(new Error('AccessDenied')) })),
    before: (at) => at.memo('run --progress none'),
    exit: 5,
  },
  M5009: {
    jobs: trained,
    before: (at) => at.file('.memo/store/records', 'a file where a directory belongs'),
    exit: 5,
  },
  M5010: { jobs: ofOp(op('table', { io: 'tables', run: () => 1 })), exit: 2 },
  M6001: { jobs: [training({ versions, fails: 'embed' })], line: 'run --progress none', exit: 1 },
  M6002: {
    jobs: ofOp(op('split', { outputs: ['a', 'b'], run: () => ({ a: 1 }) as never })),
    line: 'run --progress none',
    exit: 1,
  },
  M6003: {
    jobs: ofOp(
      op('slow', {
        timeout: 1,
        run: (_: object, { signal }) =>
          new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      }),
    ),
    line: 'run --progress none',
    exit: 1,
  },
  M6004: {
    jobs: ofOp(
      op('slow', ((_: object, { signal, log }: { signal: AbortSignal; log: { info(text: string): void } }) => {
        log.info('begun');
        return new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }) as never),
    ),
    line: 'run --ndjson --progress plain',
    meanwhile: (at) => at.interrupt(),
    exit: 130,
  },
  M6008: { jobs: ofOp(op('kept', { memo: 'require', run: () => 1 })), line: 'run --progress none', exit: 1 },
  M6009: {
    jobs: jobOf(() => clean({ docs: load() })),
    io: brokenStore(() => ({ loadInput: () => fail(new MemoError('M5004', 'gone')) })),
    line: 'run --progress none',
    exit: 1,
  },
  M7001: { jobs: trained, line: 'run --only embd --progress none', exit: 3 },
  M9001: {
    before: (at) => {
      const brand = { kind: 'resource', copy: 'file:///elsewhere/node_modules/@memo/core/dist/index.js' };
      const foreign = { ...db, [Symbol.for('@memo/core/definition')]: brand };
      Object.assign(at, { config: caught(() => op('ask', { uses: { db: foreign as never }, run: () => 1 })) });
    },
    exit: 2,
  },
};

/** Codes that no command gives, why, and what would have to be in its source. */
const OF_NO_COMMAND: Readonly<Partial<Record<ErrorCode, readonly [why: string, call: RegExp]>>> = {
  M5005: ['RunResult.load() of an output that was left out; commands load by binding', /result\.load\(|loadAll\(/],
  M6006: ['RunResult.unwrap(); commands look at the status', /\.unwrap\(/],
  M6011: ['RunResult.load() of a step that did not run', /result\.load\(|loadAll\(/],
  M9002: ['said by the file that starts the command, on a Node where nothing else can be loaded', /M9002/],
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test('every code is met by a command, or it is said why not', () => {
  const ofStrategies = STRATEGY_PROJECTS.map(({ code }) => code);
  const known = [...Object.keys(MEETINGS), ...Object.keys(OF_NO_COMMAND), ...ofStrategies];
  expect([...new Set(known)].sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

test.each(Object.entries(MEETINGS))(
  '%s is shown with its code, what to read, and its exit code',
  async (code, meeting) => {
    const { jobs = [], io, before, line = 'plan', exit, meanwhile } = meeting;
    const at = prompt();
    at.jobs(typeof jobs === 'function' ? jobs() : jobs, io === undefined ? {} : { io });
    await before?.(at);
    if (meanwhile !== undefined)
      at.onErr = (text) => {
        if (text.includes('begun')) meanwhile(at);
      };
    const answer = await at.memo(`${line}${line.includes('json') ? '' : ' --json'}`);
    expect(answer.code, answer.err + answer.out).toBe(exit);
    expect(codesIn(answer.out)).toContain(code);
    if (line.startsWith('run')) return;
    expect(answer.err).toContain(`error ${code}`);
    expect(answer.err).toContain('memo explain M');
  },
);

test('each code of the strategies is met with the strategy itself, in a project on disk', () => {
  const projects = STRATEGY_PROJECTS.filter(
    ({ code }, index) => IS_WHOLE || STRATEGY_PROJECTS.findIndex((other) => other.code === code) === index,
  );
  const shown = plansOf(projects).map(({ code, out, err }) => ({
    exit: code,
    code: (JSON.parse(out) as { readonly error: { readonly code: string } }).error.code,
    says: /^fix {6}\S/m.test(err) && /^docs {5}memo explain M\d{4}$/m.test(err),
  }));
  expect(shown).toEqual(projects.map(({ code }) => ({ exit: 2, code, says: true })));
});

test.each(Object.entries(OF_NO_COMMAND))('%s is met by no command', (_code, [_why, call]) => {
  const source = new URL('../src/', import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('error-pages.ts'),
  );
  expect(files.length).toBeGreaterThan(80);
  expect(files.filter((name) => call.test(readFileSync(new URL(name, source), 'utf8')))).toEqual([]);
});

/** Every code that some JSON documents, a line each, hold. */
function codesIn(out: string): readonly string[] {
  return [...out.matchAll(/"code":\s*"(M\d{4})"/g)].map(([, code]) => code as string);
}

function caught(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
