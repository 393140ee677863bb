import { join } from 'node:path';
import { fs } from '@memo/io-fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, expect, test } from 'vitest';
import { FORMS } from '../src/forms/every-form.ts';
import { eventSchema, schemas } from '../src/schemas.ts';
import { fakeStrategy, type Sources } from './support/fake-strategy.ts';
import { prompt } from './support/prompt.ts';
import { training } from './support/training.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false });
const met = new Set<string>();

/** Runs before the command lines. */
const PREPARED = ['run --progress none', 'run --progress none --set source=b.json'];

const LINES = [
  '--json',
  'plan --json',
  'run --json --progress none',
  'why fit --json',
  'why fit --json --set source=c.json',
  'versions --json',
  'graph --json',
  'graph --format json --group op',
  'runs --json',
  'show last --json',
  'show last/fit --json',
  'show fit --json --value',
  'diff last-1 last --json',
  'diff last --json',
  'get report --json',
  'get report --run last --json',
  'report --json',
  'cache ls --json',
  'cache stat --json',
  'cache verify --json',
  'cache verify --rerun 1 --json',
  'cache prune --dry-run --json',
  'cache export --json',
  'cache import memo-results.memo --json',
  'cache push --to archive --json',
  'check --json',
  'doctor --json',
  'hash --json',
  'init new --json',
  'explain --json',
  'explain M1001 --json',
  'plan nothing --json',
  'why nothing --json',
];

test('what every command prints with --json is as its schema says', async () => {
  const sources: Sources = {};
  const at = prompt();
  const store = (name: string) => fs(join(at.directory, '.memo', name));
  at.jobs([training({ versions: fakeStrategy(sources) })], {
    io: { default: store('store'), archive: store('archive') },
  });
  for (const line of PREPARED) await at.memo(line);
  for (const line of LINES) hold((await at.memo(line)).out);
  const { version } = JSON.parse((await at.memo('show fit --json')).out);
  hold((await at.memo(`show ${version} --json`)).out);
  sources.chunk = { 'function chunk': 'renamed()' };
  hold((await at.memo('bless chunk --why x --json')).out);
});

test('a failed run is as its schema says', async () => {
  const at = prompt().jobs([training({ versions: fakeStrategy({}), fails: 'embed' })]);
  const { out } = await at.memo('run --json --progress none');
  expect(JSON.parse(out).failed).toHaveLength(1);
  hold(out);
});

test('every command has a document that is held to its schema, but for those whose answer is text', async () => {
  const held = [...LINES, 'bless'].map((line) => line.split(' ')[0]);
  expect(Object.keys(FORMS).filter((name) => !held.includes(name))).toEqual(['dev', 'completions']);
  const at = prompt().jobs([training({ versions: fakeStrategy({}) })]);
  for (const line of ['dev --json', 'completions bash --json', 'plan --ndjson', '--ndjson', 'run --json --ndjson']) {
    const { code, err } = await at.memo(line);
    expect([line, code]).toEqual([line, 2]);
    expect(err).toContain('M1002');
  }
});

test('every event is as its schema says', async () => {
  const at = prompt();
  const seen = new Map<string, Record<string, unknown>>();
  const validate = ajv.compile(eventSchema);
  for (const options of [{ fails: 'embed' }, {}, {}]) {
    at.jobs([training({ versions: fakeStrategy({}), ...options })]);
    const { out } = await at.memo('run --ndjson --progress none');
    for (const [index, line] of out.trimEnd().split('\n').entries()) {
      const event = JSON.parse(line) as Record<string, unknown>;
      expect(validate(event), `${line} ${ajv.errorsText(validate.errors)}`).toBe(true);
      expect(event.seq).toBe(index + 1);
      seen.set(event.type as string, event);
    }
  }
  const least = ['run.start', 'plan', 'step.start', 'step.log', 'output.stored', 'step.end', 'step.reuse', 'run.end'];
  expect([...seen.keys()]).toEqual(expect.arrayContaining(least));
  for (const type of least)
    for (const field of ['seq', 'type']) expect(validate({ ...seen.get(type), [field]: null })).toBe(false);
  expect(validate({ ...seen.get('step.end'), status: 5 })).toBe(false);
});

afterAll(() => expect([...met].sort()).toEqual(Object.keys(schemas).sort()));

/** One document, which names a schema and fits it; and does not when a field that must be there is taken away. */
function hold(out: string): void {
  const document = JSON.parse(out) as Record<string, unknown>;
  const schema = schemas[document.schema as string];
  if (schema === undefined) throw new Error(`no schema ${String(document.schema)}`);
  met.add(document.schema as string);
  const validate = ajv.compile(schema);
  expect(validate(document), ajv.errorsText(validate.errors)).toBe(true);
  const [, required = 'schema'] = schema.required as string[];
  expect(validate({ ...document, [required]: undefined })).toBe(false);
}
