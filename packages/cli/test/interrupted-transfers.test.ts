import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fs } from '@memo/io-fs';
import { expect, test } from 'vitest';
import { fakeStrategy } from './support/fake-strategy.ts';
import { type Prompt, prompt } from './support/prompt.ts';
import { training } from './support/training.ts';

/** A store beside the usual one, in which something happens before the nth value is read or written. */
interface Disturbed {
  readonly store: 'own' | 'archive';
  readonly method: 'loadInput' | 'handleOutput';
  readonly act: () => void;
}

function storesOf(at: Prompt, disturbed?: Disturbed) {
  const stores = { own: fs(join(at.directory, 'own')), archive: fs(join(at.directory, 'archive')) };
  if (disturbed !== undefined) {
    const { store, method, act } = disturbed;
    const manager = stores[store];
    const undisturbed = manager[method].bind(manager) as (...given: unknown[]) => never;
    let calls = 0;
    Object.assign(manager, {
      [method]: (...given: unknown[]) => {
        if (++calls === 2) act();
        return undisturbed(...given);
      },
    });
  }
  return at.jobs([training({ versions: fakeStrategy({}) })], { io: { default: stores.own, archive: stores.archive } });
}

async function filled(): Promise<Prompt> {
  const at = storesOf(prompt());
  expect((await at.memo('run --progress none')).code).toBe(0);
  return at;
}

test('an export that is interrupted leaves no file and ends with 130, and one that is terminated with 143', async () => {
  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const at = await filled();
    storesOf(at, { store: 'own', method: 'loadInput', act: () => at.interrupt(signal) });
    const { code, out, err } = await at.memo('cache export');
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain('stopping: what is there already stays, and is whole.');
    expect(readdirSync(at.directory).filter((name) => name.includes('memo-results'))).toEqual([]);
  }
});

test('an import that is interrupted leaves whole results, and the next one takes the rest', async () => {
  const from = await filled();
  await from.memo('cache export');
  const file = join(from.directory, 'memo-results.memo');
  const at = prompt();
  storesOf(at, { store: 'own', method: 'handleOutput', act: () => at.interrupt() });
  expect((await at.memo(`cache import ${file}`)).code).toBe(130);
  storesOf(at);
  expect((await at.memo('cache verify')).code).toBe(0);
  expect((await at.memo('plan --exit-code')).code).toBe(10);
  expect((await at.memo(`cache import ${file}`)).out).toContain('5 results taken');
  expect((await at.memo('plan --exit-code')).code).toBe(0);
});

test('pushing and pulling end when they are interrupted, and go on where they were', async () => {
  const at = await filled();
  storesOf(at, { store: 'archive', method: 'handleOutput', act: () => at.interrupt() });
  expect((await at.memo('cache push --to archive')).code).toBe(130);
  storesOf(at);
  expect((await at.memo('cache push --to archive')).out).toContain('5 results there');

  const other = prompt();
  cpSync(join(at.directory, 'archive'), join(other.directory, 'archive'), { recursive: true });
  storesOf(other, { store: 'own', method: 'handleOutput', act: () => other.interrupt() });
  expect((await other.memo('cache pull --from archive')).code).toBe(130);
  storesOf(other);
  expect((await other.memo('cache pull --from archive')).out).toContain('5 results there');
  expect((await other.memo('plan --exit-code')).code).toBe(0);
});

test('the second interrupt ends the process on the spot, and none is listened to afterwards', async () => {
  const at = await filled();
  const twice = () => {
    at.interrupt();
    expect(at.exited).toBeUndefined();
    at.interrupt();
  };
  storesOf(at, { store: 'own', method: 'loadInput', act: twice });
  await at.memo('cache export');
  expect(at.exited).toBe(130);
  at.exited = undefined;
  at.interrupt();
  at.interrupt();
  expect(at.exited).toBeUndefined();
});

test('an interrupt that comes when everything was done changes nothing', async () => {
  const at = await filled();
  at.onOut = () => at.interrupt();
  expect((await at.memo('cache export')).code).toBe(0);
  expect(existsSync(join(at.directory, 'memo-results.memo'))).toBe(true);
});
