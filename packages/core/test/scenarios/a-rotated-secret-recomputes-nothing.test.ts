import { configure, job, op, resource } from '@memo/core';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const config = z.object({ url: z.string(), password: z.string() });

function reading(secret: readonly (string | { readonly path: string; readonly versioned: true })[]) {
  const db = resource('db', { config, secret, setup: (given) => given.config.password });
  const read = op('read', { uses: { db }, run: (_, { use }) => use.db.length });
  const fetch = op('fetch', { config, secret, run: (_, given) => given.config.password.length });
  const over = job('reading', {
    versions: new SetVersions(),
    io: new WatchedManager(),
    config: z.object({ password: z.string() }),
    secret: ['password'],
    build: ({ password }) => ({ fetched: fetch({}, { config: { url: 'x', password } }), read: read() }),
  });
  return (password: string) => over.run({ config: { password }, resources: [configure(db, { url: 'x', password })] });
}

test('in the config of an op or resource', async () => {
  const run = reading(['password']);
  expect(whatRan(await run('first-password'))).toEqual({ ran: ['fetch', 'read'] });
  expect(whatRan(await run('second-password'))).toEqual({ reused: ['fetch', 'read'] });
});

test('unless it is declared to count; then the key of the project counts too', async () => {
  vi.stubEnv('MEMO_SECRET_KEY', 'a long random text');
  const run = reading([{ path: 'password', versioned: true }]);
  expect(whatRan(await run('first-password'))).toEqual({ ran: ['fetch', 'read'] });
  expect(whatRan(await run('first-password'))).toEqual({ reused: ['fetch', 'read'] });
  expect(whatRan(await run('second-password'))).toEqual({ ran: ['fetch', 'read'] });
  vi.stubEnv('MEMO_SECRET_KEY', 'another long random text');
  expect(whatRan(await run('second-password'))).toEqual({ ran: ['fetch', 'read'] });
});

test('the op sees the secret all the same', async () => {
  const run = reading(['password']);
  expect(await (await run('hunter22')).loadAll()).toEqual({ fetched: 8, read: 8 });
});
