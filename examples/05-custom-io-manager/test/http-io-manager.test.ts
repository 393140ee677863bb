import { job, op } from '@memo/core';
import { outputContext } from '@memo/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpIOManager } from '../src/index.ts';
import { type ObjectServer, startObjectServer } from './object-server.ts';

let server: ObjectServer;
beforeEach(async () => {
  server = await startObjectServer();
});
afterEach(() => server.stop());

test('what one machine computed another one finds', async () => {
  const ran: string[] = [];
  const machine = (name: string) => {
    const square = op('square', { version: '1', run: ({ n }: { n: number }) => ran.push(name) && n * n });
    return job('squares', {
      versions: { id: 'declared@1', getOpVersion: () => undefined },
      io: httpIOManager(server.url),
      build: () => ({ nine: square({ n: 3 }) }),
    });
  };
  expect(await (await machine('one').run()).load('nine')).toBe(9);
  expect(await (await machine('other').run()).load('nine')).toBe(9);
  expect(ran).toEqual(['one']);
});

test('a server that refuses to store is M5006, one that refuses to tell M5002', async () => {
  const full = httpIOManager(server.url, { headers: { 'x-room': '0' } });
  await expect(full.handleOutput(outputContext(), 1)).rejects.toMatchObject({ code: 'M5006' });
  await server.stop();
  await expect(httpIOManager(server.url).hasOutput(outputContext())).rejects.toMatchObject({ code: 'M5002' });
});

test.each(['ftp://host', 'http://me:secret@host', 'http://host/?key=secret'])('%s is no address of a server', (url) => {
  expect(() => httpIOManager(url)).toThrow(TypeError);
});
