import { job, op, type StandardSchema } from '@memo/core';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SetVersions } from '../support/set-versions.ts';
import { WatchedManager } from '../support/watched-manager.ts';
import { whatRan } from '../support/what-ran.ts';

interface Config {
  readonly size?: number | undefined;
}

const LIBRARIES: Readonly<Record<string, (size: number) => StandardSchema<Config, { size: number }>>> = {
  zod: (size: number) => z.object({ size: z.number().default(size) }),
  valibot: (size: number) => v.object({ size: v.optional(v.number(), size) }),
};

test.each(Object.entries(LIBRARIES))('with %s', async (_, schema) => {
  const io = new WatchedManager();
  const chunking = (size: number, config: Config = {}) => {
    const chunk = op('chunk', { config: schema(size), run: (_input, { config: { size } }) => size });
    return job('chunking', { versions: new SetVersions(), io, build: () => chunk({}, { config }) });
  };
  expect(await (await chunking(4).run()).load('result')).toBe(4);
  expect(whatRan(await chunking(4).run())).toEqual({ reused: ['chunk'] });
  expect(whatRan(await chunking(4, { size: 4 }).run())).toEqual({ reused: ['chunk'] });
  expect(whatRan(await chunking(5).run())).toEqual({ ran: ['chunk'] });
  expect(whatRan(await chunking(5, { size: 4 }).run())).toEqual({ reused: ['chunk'] });
});
