import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { job, op } from '@memo/core';
import { fs } from '@memo/io-fs';
import { type Table, tableFromArrays } from 'apache-arrow';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { testCodec } from '../src/vitest.ts';
import { codec, same, values } from './arrow-codec.ts';
import stored from './arrow-stored.json' with { type: 'json' };

testCodec({
  name: 'arrow-ipc/1',
  codec,
  values,
  same,
  stored,
  otherProcesses: { module: new URL('arrow-codec.ts', import.meta.url).href, nodeOptions: SOURCE_NODE },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'memo-arrow-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a job hands tables on, finds them again, and stops below a table that came out the same', async () => {
  const ran: string[] = [];
  const pipeline = (seed: number) => {
    const load = op('load', {
      version: String(seed),
      run: () => {
        ran.push('load');
        // Arrow numbers the dictionaries of text columns within a process: only tables without them have the same bytes again.
        return tableFromArrays({ delay: Float64Array.of(3, 1, 2) });
      },
    });
    const count = op('count', {
      version: '1',
      run: ({ table }: { table: Table }) => {
        ran.push('count');
        return table.numRows;
      },
    });
    return job('tables', {
      versions: { id: 'declared@1', getOpVersion: () => undefined },
      io: fs(join(folder, 'store'), { codecs: [codec] }),
      build: () => {
        const table = load();
        return { table, rows: count({ table }) };
      },
    });
  };
  expect(await (await pipeline(1).run()).load('rows')).toBe(3);
  const again = await pipeline(1).run();
  expect(same(await again.load('table'), tableFromArrays({ delay: Float64Array.of(3, 1, 2) }))).toBe(true);
  expect(ran).toEqual(['load', 'count']);
  await pipeline(2).run();
  expect(ran).toEqual(['load', 'count', 'load']);
});
