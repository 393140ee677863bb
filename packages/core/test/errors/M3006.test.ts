import { configure, job, op, resource } from '@memo/core';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';
import { SetVersions } from '../support/set-versions.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const secret = [{ path: 'token', versioned: true }] as const;
const config = z.object({ token: z.string() });

const fetch = op('fetch', { config, secret, run: (_, given) => given.config.token.length });
const client = resource('client', { config, secret, setup: (given) => given.config.token.length });
const ask = op('ask', { uses: { client }, run: (_, { use }) => use.client });
const read = op('read', { env: [{ name: 'MEMO_TEST_TOKEN', secret: true }], run: () => 1 });

const versions = new SetVersions();
const JOBS = {
  'config.token of op "fetch"': job('fetching', {
    versions,
    build: () => fetch({}, { config: { token: 'sk-4f9d1c7a' } }),
  }),
  'config.token of resource "client"': job('asking', {
    versions,
    resources: [configure(client, { token: 'sk-4f9d1c7a' })],
    build: () => ask(),
  }),
  'environment variable MEMO_TEST_TOKEN': job('reading', { versions, build: () => read() }),
};

test.each(Object.entries(JOBS))('%s without a key ends planning', async (what, counting) => {
  vi.stubEnv('MEMO_SECRET_KEY', undefined);
  vi.stubEnv('MEMO_TEST_TOKEN', 'sk-4f9d1c7a');
  const error = await caught('M3006', () => counting.plan());
  expect(error.details).toEqual({ secret: what });
  expect(error.fix).toContain('MEMO_SECRET_KEY');
  expect(error.message).not.toContain('sk-4f9d1c7a');
});

test.each(Object.values(JOBS))('with a key it is planned', async (counting) => {
  vi.stubEnv('MEMO_SECRET_KEY', 'a long random text');
  vi.stubEnv('MEMO_TEST_TOKEN', 'sk-4f9d1c7a');
  expect((await counting.plan()).run).toBe(1);
});

test('an empty key is no key', async () => {
  vi.stubEnv('MEMO_SECRET_KEY', '');
  await caught('M3006', () => JOBS['config.token of op "fetch"'].plan());
});
