import { job, type MemoEvent, op } from '@memo/core';
import { expect, test } from 'vitest';
import { z } from 'zod';

const show = op('show', ({ limit }: { limit: number }) => limit);

test('run.start has the config after defaults, with secrets left out', async () => {
  const training = job('training', {
    config: z.object({ limit: z.number().default(3), token: z.string() }),
    secret: ['token'],
    build: ({ limit }) => show({ limit }),
  });
  const events: MemoEvent[] = [];
  await training.run({ config: { token: 'very-secret' }, reporter: (event) => events.push(event) });
  const [start] = events;
  expect(start?.type === 'run.start' ? start.config : undefined).toEqual({ limit: 3, token: '(secret)' });
});
