import { job, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caught } from '../support/caught-error.ts';

const KEY = 'sk-4f9d1c7a';
const ask = op('ask', ({ key }: { key: unknown }) => typeof key);
const config = z.object({
  apiKey: z.string(),
  db: z.object({ user: z.string(), password: z.string() }).optional(),
});

type Config = z.output<typeof config>;

const WIRED: Readonly<Record<string, readonly [path: string, wire: (given: Config) => unknown]>> = {
  'as it is': ['', ({ apiKey }) => apiKey],
  'in an object': ['.headers.auth', ({ apiKey }) => ({ headers: { auth: apiKey } })],
  'in a list': ['.1', ({ apiKey }) => ['key', apiKey]],
  'in a Map': ['.key', ({ apiKey }) => new Map([['key', apiKey]])],
  'within a text': ['.auth', ({ apiKey }) => ({ auth: `Bearer ${apiKey}` })],
  'as a key': ['', ({ apiKey }) => ({ [apiKey]: true })],
  'as a part of a secret object': ['.password', ({ db }) => ({ password: db?.password })],
};

test.each(Object.entries(WIRED))('a secret that is wired into an input %s is refused', async (_, [path, wire]) => {
  const asking = job('asking', {
    config,
    secret: ['apiKey', 'db'],
    build: (given) => ask({ key: wire(given) }),
  });
  const given = { apiKey: KEY, db: { user: 'reader', password: KEY } };
  const error = await caught('M3005', () => asking.plan({ config: given }));
  expect(error.details).toMatchObject({ where: 'input "key" of step "ask"', path });
  expect(error.message).not.toContain(KEY);
  expect(JSON.stringify(error)).not.toContain(KEY);
});

const fetch = op('fetch', {
  config: z.object({ url: z.string(), token: z.string() }),
  secret: ['token'],
  run: (_, { config: { token } }) => token.length,
});

test('a secret that is wired into a config path that is not secret is refused', async () => {
  const asking = job('asking', {
    config,
    secret: ['apiKey'],
    build: ({ apiKey }) => fetch({}, { config: { url: `https://host/${apiKey}`, token: 'x' } }),
  });
  const error = await caught('M3005', () => asking.plan({ config: { apiKey: KEY } }));
  expect(error.details).toMatchObject({ where: 'config of step "fetch"', path: '.url' });
});

test('a secret that is wired into a secret config path is fine', async () => {
  const asking = job('asking', {
    config,
    secret: ['apiKey'],
    build: ({ apiKey }) => fetch({}, { config: { url: 'https://host', token: apiKey } }),
  });
  expect(await (await asking.run({ config: { apiKey: KEY } })).load('result')).toBe(KEY.length);
});
