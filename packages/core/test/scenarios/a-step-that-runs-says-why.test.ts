import { configure, job, op, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { EventRecorder } from '../support/event-recorder.ts';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';

const db = resource('db', { config: z.object({ url: z.string().default('a') }), setup: () => 1 });
const load = op('load', ({ source }: { source: string }) => source);
const size = op('size', {
  config: z.object({ unit: z.string().default('byte') }),
  uses: { db },
  run: ({ docs }: { docs: string }) => docs.length,
});
const show = op('show', ({ count, more }: { count: number; more?: number }) => `${count} ${more}`);

interface Edit {
  readonly source?: string;
  readonly unit?: string;
  readonly url?: string;
  readonly more?: number;
}

function measuring(edit: Edit, versions = new SetVersions()) {
  const { source = 'docs', unit = 'byte', url = 'a', more } = edit;
  return job('measuring', {
    versions,
    io,
    resources: [configure(db, { url })],
    build: () =>
      show({
        count: size({ docs: load({ source }) }, { config: { unit } }),
        ...(more === undefined ? {} : { more }),
      }),
  });
}

const io = new WatchedManager();
await measuring({}).run();

async function whyOf(step: string, edit: Edit, versions?: SetVersions) {
  return (await measuring(edit, versions).plan()).step(step).reasons;
}

test('nothing of it was ever recorded', async () => {
  const fresh = job('fresh', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    build: () => load({ source: 'x' }),
  });
  expect((await fresh.plan()).step('load').reasons).toEqual([{ code: 'first-run' }]);
});

test('its code changed', async () => {
  expect(await whyOf('load', {}, new SetVersions({ load: '2' }))).toEqual([
    {
      code: 'changed',
      changes: [{ kind: 'code', by: 'set-versions@1', before: '1', after: '2', changes: [] }],
    },
  ]);
});

test('a value that is wired into it changed', async () => {
  expect(await whyOf('load', { source: 'other' })).toEqual([
    {
      code: 'changed',
      changes: [{ kind: 'literal', input: 'source', path: '', before: 'docs', after: 'other' }],
    },
  ]);
});

test('its config changed', async () => {
  expect(await whyOf('size', { unit: 'bit' })).toEqual([
    { code: 'changed', changes: [{ kind: 'config', path: 'unit', before: 'byte', after: 'bit' }] },
  ]);
});

test('a resource that it requires changed', async () => {
  expect(await whyOf('size', { url: 'b' })).toEqual([
    {
      code: 'changed',
      changes: [
        { kind: 'resource', resource: 'db', changes: [{ kind: 'config', path: 'url', before: 'a', after: 'b' }] },
      ],
    },
  ]);
});

test('what it reads changed', async () => {
  const reasons = await whyOf('size', { source: 'other' });
  expect(reasons).toMatchObject([
    { code: 'needed-if', step: 'load' },
    { code: 'changed', changes: [{ kind: 'upstream', input: 'docs', step: 'load', output: 'result' }] },
  ]);
});

test('its wiring changed', async () => {
  expect(await whyOf('show', { more: 5 })).toMatchObject([
    { code: 'changed', changes: [{ kind: 'wiring', input: 'more' }] },
  ]);
});

test('a step that is re-used gives none', async () => {
  for (const { reasons, action } of (await measuring({}).plan()).steps) {
    expect(action).toBe('reuse');
    expect(reasons).toEqual([]);
  }
});

test('the events of a run carry the reasons of its plan', async () => {
  const recorder = new EventRecorder();
  const edited = measuring({ source: 'again' });
  const plan = await edited.plan();
  await edited.run({ reporter: recorder.reporter });
  for (const { step, reasons } of recorder.of('step.start'))
    expect(reasons).toEqual(plan.step(step).reasons.filter(({ code }) => code !== 'needed-if'));
  const [planned] = recorder.of('plan');
  expect(planned?.steps.map(({ step, action }) => `${step} ${action}`)).toEqual([
    'load run',
    'size pending',
    'show pending',
  ]);
});

test('the roots of a change are told once, with the way to the step that was asked about', async () => {
  const { rootCauses } = (await measuring({ source: 'third', unit: 'bit' }).plan()).explain('show');
  expect(rootCauses.map(({ step, change, path }) => [step, change?.kind, path])).toEqual([
    ['load', 'literal', ['load', 'size', 'show']],
    ['size', 'config', ['size', 'show']],
  ]);
});

test('its code changed, and events tell what, without the texts of it', async () => {
  const texts = { before: 'const token = "a";', after: 'const token = "b";' };
  const versions = Object.assign(new SetVersions({ load: { version: '2', manifest: { of: 'now' } } }), {
    diffManifests: () => [
      { what: 'symbol', name: 'src/load.ts#token', how: 'changed' as const, ...texts },
      { what: 'package', name: 'lodash', how: 'changed' as const, before: '1.0.0', after: '1.0.1' },
    ],
  });
  const before = new SetVersions({ load: { version: '1', manifest: { of: 'then' } } });
  const told = new WatchedManager();
  const loading = (strategy: SetVersions) =>
    job('loading', { versions: strategy, io: told, build: () => load({ source: 'docs' }) });
  await loading(before).run();
  const changes = (await loading(versions).plan()).step('load').reasons;
  expect(JSON.stringify(changes)).toContain('token = ');
  const events = new EventRecorder();
  await loading(versions).run({ reporter: events.reporter });
  const said = JSON.stringify([...events.of('plan'), ...events.of('step.start')]);
  expect(said).not.toContain('token = ');
  for (const part of ['src/load.ts#token', '1.0.1']) expect(said.split(part)).toHaveLength(3);
});
