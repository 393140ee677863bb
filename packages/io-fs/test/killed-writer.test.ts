import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IS_WHOLE } from '../../../tools/test-form.mjs';
import type { FsIOManager } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';
import { startProcess } from './processes.ts';
import { meantValue } from './store-process.ts';
import { openStore, temporaryStore } from './temporary-store.ts';

// Two writers are killed in each.
const ROUNDS = process.env.MEMO_TEST_FULL === '1' ? 100 : IS_WHOLE ? 13 : 3;
const MOST_ROUNDS = ROUNDS + 40;
const SEED = Number(process.env.MEMO_TEST_SEED ?? 20_260_101);

/** Numbers from 0 to 1 that are the same for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Lets a writer store values until it reported some, kills it a moment later, and gives what it reported. */
async function storeUntilKilled(
  directory: string,
  first: number,
  patience: { count: number; turns: number },
): Promise<number[]> {
  const child = startProcess('churn', directory, String(first));
  let told = '';
  let dying = false;
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    told += chunk;
    if (dying || told.split('\n').length <= patience.count) return;
    dying = true;
    afterTurns(patience.turns, () => child.kill('SIGKILL'));
  });
  await closed;
  return told.split('\n').slice(0, -1).map(Number);
}

/** Some turns of the loop let the writer go on for a while, so that the kill hits any point of a write. */
function afterTurns(turns: number, act: () => unknown): void {
  if (turns === 0) act();
  else setImmediate(() => afterTurns(turns - 1, act));
}

/** Checks every value that a killed writer may have stored, and gives the first number that it cannot have stored. */
async function checkStored(store: FsIOManager, first: number, reported: readonly number[]): Promise<number> {
  for (const index of reported) expect(store.hasOutput(contextOf(index))).toBe(true);
  // One more than reported may have been published.
  const end = (reported.at(-1) ?? first - 1) + 2;
  for (let index = first; index < end; index++) {
    if (!store.hasOutput(contextOf(index))) continue;
    const value = await store.loadInput(contextOf(index));
    const meant = index % 5 === 4 ? new Uint8Array(300_000).fill(index % 251) : meantValue(index);
    if (value instanceof Uint8Array) expect(Buffer.from(value).equals(meant as Uint8Array)).toBe(true);
    else expect(value).toEqual(meant);
  }
  expect(store.hasOutput(contextOf(end))).toBe(false);
  return end;
}

const contextOf = (index: number) => outputContext({ version: versionOf(index) });

test(
  `values of writers that are killed are whole or not there, and none that was finished is lost (seed ${SEED})`,
  async () => {
    const directory = temporaryStore();
    const next = random(SEED);
    const firsts = [0, 1_000_000];
    let leftovers = 0;
    // Kills that never hit a write would show nothing.
    for (let round = 0; round < ROUNDS || (leftovers === 0 && round < MOST_ROUNDS); round++) {
      const reports = await Promise.all(
        firsts.map((first) => {
          const patience = { count: 1 + Math.floor(next() * 40), turns: Math.floor(next() * 400) };
          return storeUntilKilled(directory, first, patience);
        }),
      );
      leftovers += readdirSync(join(directory, 'tmp')).length;
      const store = openStore(directory, { smallBytes: 20_000 });
      for (const [writer, reported] of reports.entries()) {
        firsts[writer] = await checkStored(store, firsts[writer] ?? 0, reported);
      }
      await store.handleOutput(outputContext({ version: versionOf(`after ${round}`) }), round);
      expect(readdirSync(join(directory, 'tmp'))).toEqual([]);
    }
    expect(leftovers).toBeGreaterThan(0);
  },
  MOST_ROUNDS * 20_000,
);
