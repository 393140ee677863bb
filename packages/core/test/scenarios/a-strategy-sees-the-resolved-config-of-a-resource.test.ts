import { configure, job, op, type ResourceVersionContext, resource } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';

class Listening extends SetVersions {
  readonly contexts: ResourceVersionContext[] = [];

  override getResourceVersion(context: ResourceVersionContext): string {
    this.contexts.push(context);
    return '1';
  }
}

const setup = (): number => 1;
const teardown = (): void => undefined;
const db = resource('db', {
  config: z.object({ url: z.string().default('local'), password: z.string() }),
  secret: ['password'],
  setup,
  teardown,
});
const read = op('read', { uses: { db }, run: (_, { use }) => use.db });

test('after defaults and without secrets, with the functions and where they are defined', async () => {
  const versions = new Listening();
  await job('reading', { versions, resources: [configure(db, { password: 'hunter22' })], build: () => read() }).plan();
  const [context] = versions.contexts;
  expect(context).toMatchObject({ kind: 'resource', name: 'db', setup, teardown, declared: undefined });
  expect(context?.config).toEqual({ url: 'local', password: '(secret)' });
  expect(context?.definition.frames[0]?.file).toMatch(/a-strategy-sees-the-resolved-config/);
});
