import assert from 'node:assert/strict';
import { assertRejects } from '../../expected-errors.ts';
import { assertSameValue } from '../../same-value.ts';
import { EMPTY_LOOKING, type NamedValues, PLAIN, RICH, UNSTORABLE } from '../../sample-values.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import type { IOManagerTrial } from '../trial.ts';

/** Values come back as they were. */
export const ROUND_TRIP: readonly IOManagerCase[] = [
  {
    id: 'round-trip/empty-looking',
    title: 'undefined, null, false, 0, -0, NaN, the empty text and empty containers survive',
    run: (trial) => assertAllSurvive(trial, EMPTY_LOOKING),
  },
  {
    id: 'round-trip/plain',
    title: 'numbers, texts, records and lists survive',
    run: (trial) => assertAllSurvive(trial, PLAIN),
  },
  {
    id: 'round-trip/rich',
    title: 'dates, maps, sets, errors with causes, typed arrays, cycles and the like survive',
    run: (trial) => assertAllSurvive(trial, RICH),
  },
  {
    id: 'round-trip/refused',
    title: 'what cannot be stored is refused with M5001 and the path to it, never flattened',
    async run({ open }) {
      const manager = await open();
      for (const [name, { value, path }] of Object.entries(UNSTORABLE)) {
        const error = await assertRejects(manager.store(numbered(name), value()), ['M5001'], `storing ${name}`);
        const told = `${error.message} ${String(error.details.path)}`;
        assert.ok(told.includes(path), `storing ${name}: the error must name ${path}, and says: ${error.message}`);
      }
    },
  },
  {
    id: 'round-trip/large',
    title: 'values of eight megabytes survive',
    async run({ open }) {
      const manager = await open();
      const bytes = Buffer.alloc(LARGE, 'a line of bytes\n');
      await manager.store(numbered('bytes'), bytes);
      assert.ok(bytes.equals((await manager.load(numbered('bytes'))) as Buffer), 'the bytes came back changed');
      const text = 'grüße '.repeat(LARGE / 6);
      await manager.store(numbered('text'), text);
      assert.ok((await manager.load(numbered('text'))) === text, 'the text came back changed');
    },
  },
];

const LARGE = 8 * 2 ** 20;

async function assertAllSurvive({ openSeveral }: IOManagerTrial, values: NamedValues): Promise<void> {
  const [writer, reader] = await openSeveral(2);
  if (writer === undefined || reader === undefined) return;
  for (const [name, make] of Object.entries(values)) {
    const context = numbered(name);
    await writer.store(context, make());
    assert.equal(await reader.has(context), true, `hasOutput() after storing ${name}`);
    assertSameValue(await reader.load(context), make(), name);
  }
}
