import { expect, test } from 'vitest';
import { outputContext, versionOf } from './output-context.ts';
import { outputOf, startProcess } from './processes.ts';
import { filesIn, openStore, temporaryStore } from './temporary-store.ts';

test('of processes that store under the same addresses, one creates each and all others take its value', async () => {
  const directory = temporaryStore();
  const addresses = 150;
  const racers = ['0', '1', '2'].map((writer) => startProcess('race', directory, writer, String(addresses)));
  const results = await Promise.all(racers.map(outputOf));
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  const store = openStore(directory);
  for (let index = 0; index < addresses; index++) {
    const told = results.map(({ lines }) => (lines[index] ?? '').split(' '));
    const winner = told.findIndex(([outcome]) => outcome === 'created');
    expect(told.filter(([outcome]) => outcome === 'created')).toHaveLength(1);
    expect(new Set(told.map(([, digest]) => digest))).toEqual(new Set([`vf1:${winner}`]));
    const value = await store.loadInput(outputContext({ version: versionOf(index) }));
    expect(value).toMatchObject({ writer: String(winner) });
  }
  expect(filesIn(directory)).toHaveLength(addresses);
});
