import type { MemoEvent } from '@memo/core/inspect';

/** JSON schemas (draft 2020-12) of the documents that commands print with `--json`, and of the events of `memo run --ndjson`. Fields may be added in a minor release. */

/** A JSON schema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'number' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const flag: JsonSchema = { type: 'boolean' };
const anything: JsonSchema = {};
const texts: JsonSchema = listOf(text);
const fields: JsonSchema = { type: 'object' };
const action: JsonSchema = { enum: ['run', 'reuse', 'skip', 'pending'] };

/** Some fields must be there; others may. */
function object(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

const reason: JsonSchema = object({ code: text });
const change: JsonSchema = object({ kind: text });
const warning: JsonSchema = object({ code: text, message: text }, { step: text });
const edge: JsonSchema = object({ input: text, step: text, output: text });
const error: JsonSchema = object(
  { code: text, name: text, message: text },
  { fix: text, because: text, file: text, line: count, docs: text },
);
const part: JsonSchema = object({ kind: text, name: text, text });

const planStep: JsonSchema = object(
  { id: text, op: text, action, reasons: listOf(reason), inputs: listOf(edge) },
  { version: text, estimateMs: number, producedBy: text },
);
const stepSide: JsonSchema = object({ status: text, digests: fields }, { version: text, durationMs: number });

const DOCUMENTS: Readonly<
  Record<string, readonly [Readonly<Record<string, JsonSchema>>, Readonly<Record<string, JsonSchema>>?]>
> = {
  'memo.status/1': [{ config: text, jobs: listOf(object({ job: text }, { plan: fields, lastRun: fields })) }],
  'memo.plan/1': [
    {
      job: text,
      memoized: flag,
      counts: object({ run: count, reuse: count, skip: count, pending: count }),
      savedMs: number,
      estimateMs: object({ least: number, most: number }),
      planMs: number,
      steps: listOf(planStep),
      warnings: listOf(warning),
    },
  ],
  'memo.run/1': [
    {
      run: text,
      job: text,
      status: { enum: ['success', 'failure', 'cancelled'] },
      memo: text,
      durationMs: number,
      savedMs: number,
      executed: texts,
      reused: texts,
      skipped: texts,
      failed: listOf(object({ step: text, error })),
      errors: listOf(error),
      tags: fields,
    },
    { journal: text },
  ],
  'memo.why/1': [
    {
      job: text,
      step: text,
      op: text,
      action,
      reasons: listOf(reason),
      rootCauses: listOf(object({ step: text, reason, path: texts }, { change })),
      checked: listOf(part),
    },
    { version: text, against: object({ run: text, when: number, step: text, version: text }) },
  ],
  'memo.versions/1': [{ job: text, steps: listOf(object({ step: text }, { version: text, record: fields })) }],
  'memo.graph/1': [
    {
      job: text,
      nodes: listOf(object({ id: text, label: text, action, steps: count, op: text })),
      edges: listOf(object({ from: text, to: text, label: text })),
    },
  ],
  'memo.runs/1': [
    {
      runs: listOf(
        object({ run: text, job: text, at: number, status: text, steps: count, tags: fields, journal: text }),
      ),
    },
  ],
  'memo.run-record/1': [
    {
      run: text,
      job: text,
      at: number,
      status: text,
      tags: fields,
      steps: listOf(object({ step: text, op: text, status: text })),
      journal: text,
    },
    {
      config: anything,
      durationMs: number,
      savedMs: number,
      events: listOf(object({ type: text, seq: count, t: number })),
    },
  ],
  'memo.step/1': [
    { job: text, step: text, op: text, action, node: fields },
    { version: text, binding: fields, values: fields },
  ],
  'memo.binding-record/1': [{ binding: object({ stepVersion: text, job: text, step: text, run: text, when: number }) }],
  'memo.diff/1': [
    {
      before: text,
      config: fields,
      steps: listOf(
        object(
          { step: text, how: { enum: ['added', 'removed', 'changed', 'same'] }, changes: listOf(change) },
          { before: stepSide, after: stepSide },
        ),
      ),
    },
    { after: text },
  ],
  'memo.value/1': [{ step: text, output: text, value: anything }],
  'memo.report/1': [{ run: text, file: text, bytes: count }],
  'memo.cache-list/1': [
    {
      total: count,
      orphans: count,
      entries: listOf(
        object({
          job: text,
          step: text,
          op: text,
          version: text,
          run: text,
          when: number,
          durationMs: number,
          hits: count,
          stored: flag,
          outputs: fields,
        }),
      ),
    },
  ],
  'memo.cache-stat/1': [
    {
      store: text,
      values: count,
      bytes: count,
      ops: listOf(object({ op: text, values: count, bytes: count, hitRate: number })),
      bindings: count,
    },
  ],
  'memo.verify/1': [
    {
      store: text,
      checked: count,
      unbound: count,
      findings: listOf(object({ io: text, problem: text, message: text, repaired: flag })),
      rerun: listOf(
        object(
          { step: text, status: { enum: ['same', 'differs', 'failed'] }, blessed: flag, outputs: texts },
          { message: text },
        ),
      ),
    },
  ],
  'memo.cache-export/1': [{ file: text, results: count, values: count, bytes: count, warnings: listOf(warning) }],
  'memo.cache-import/1': [
    { file: text, store: text, results: count, kept: count, values: count, warnings: listOf(warning) },
  ],
  'memo.cache-copy/1': [{ from: text, to: text, results: count, kept: count, warnings: listOf(warning) }],
  'memo.bless/1': [{ job: text, step: text, version: text, of: text, run: text, who: text, why: text }],
  'memo.prune/1': [
    {
      dryRun: flag,
      values: listOf(fields),
      forgotten: listOf(fields),
      freedBytes: count,
      keptBytes: count,
      kept: fields,
    },
    { result: fields },
  ],
  'memo.check/1': [
    { ok: flag, jobs: listOf(object({ job: text, steps: count, warnings: listOf(warning) }, { error })) },
  ],
  'memo.doctor/1': [
    {
      ok: flag,
      findings: listOf(object({ subject: text, state: { enum: ['ok', 'warning', 'problem'] }, says: text })),
    },
  ],
  'memo.hash/1': [
    {
      file: text,
      jobs: texts,
      algorithm: text,
      versions: {
        type: 'object',
        additionalProperties: object({ version: text, certainty: { enum: ['exact', 'assumed', 'untrackable'] } }),
      },
    },
  ],
  'memo.init/1': [{ directory: text, template: text, written: texts, kept: texts }, { turbo: text }],
  'memo.errors/1': [{ errors: listOf(object({ code: text, name: text, summary: text })) }],
  'memo.error-page/1': [{ code: text, name: text, summary: text, page: text }],
  'memo.error/1': [{ error: object({ code: text, name: text, message: text }) }],
};

const list: JsonSchema = { type: 'array' };

/** What an event has beside `v`, `seq`, `t` and `type`. */
const EVENTS: Readonly<Record<MemoEvent['type'], Readonly<Record<string, JsonSchema>>>> = {
  'run.start': { run: text, job: text, memo: text, steps: count, stores: fields, tags: fields },
  plan: { run: count, reuse: count, skip: count, pending: count, savedMs: number, planMs: number, steps: list },
  'step.reuse': { step: text, op: text, version: text },
  'step.start': { step: text, op: text, attempt: count, reasons: listOf(reason) },
  'step.retry': { step: text, attempt: count, delayMs: number, error: fields },
  'step.progress': { step: text, done: number },
  'step.log': { level: text, message: text },
  'step.end': {
    step: text,
    op: text,
    status: { enum: ['ran', 'failed', 'skipped', 'cancelled'] },
    durationMs: number,
    attempts: count,
  },
  'output.stored': { step: text, output: text, identifier: texts, outcome: { enum: ['created', 'exists'] } },
  'output.absent': { step: text, output: text },
  'output.loaded': { step: text, output: text, by: text, input: text },
  'output.copied': { step: text, output: text, version: text, from: text, to: text },
  'output.lost': { step: text, output: text, error: fields },
  'step.rebound': { step: text, version: text, pub: text, generation: count },
  'resource.setup': { resource: text, durationMs: number },
  'resource.teardown': { resource: text, durationMs: number },
  warning: { code: text, message: text },
  'map.expand': { step: text, items: count, reuse: count },
  'run.end': {
    run: text,
    status: { enum: ['success', 'failure', 'cancelled'] },
    ran: count,
    reused: count,
    skipped: count,
    failed: count,
    durationMs: number,
    savedMs: number,
  },
};

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** One line of `memo run --ndjson` or of a journal: `seq` grows by one, `t` is in milliseconds since the epoch. Readers ignore types that they do not know. */
export const eventSchema: JsonSchema = {
  $schema: DRAFT,
  title: 'memo.event/1',
  ...object({ v: { const: 1 }, seq: { type: 'integer', minimum: 1 }, t: number, type: text }),
  anyOf: [
    ...Object.entries(EVENTS).map(([type, required]) => object({ type: { const: type }, ...required })),
    { properties: { type: { not: { enum: Object.keys(EVENTS) } } } },
  ],
};

/** The schema of each document, by what it says in its field `schema`: `memo.plan/1`. */
export const schemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(DOCUMENTS).map(([name, [required, optional]]) => [
    name,
    {
      $schema: DRAFT,
      title: name,
      ...object({ schema: { const: name }, ...required }, optional),
    },
  ]),
);
