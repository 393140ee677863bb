import assert from 'node:assert/strict';
import { assertSameValue } from '../../same-value.ts';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import { assertStored } from '../stored-output.ts';

interface Shop {
  name: string;
  readonly prices: number[];
  readonly bytes: Uint8Array;
  readonly stock: Map<string, { count: number }>;
}

const shop = (): Shop => ({
  name: 'corner',
  prices: [1, 2, 3],
  bytes: new Uint8Array([1, 2, 3]),
  stock: new Map([['apple', { count: 1 }]]),
});

function spoil(value: Shop): void {
  value.name = 'spoilt';
  value.prices.push(4);
  value.bytes.fill(9);
  value.stock.clear();
}

/** The stored value is nobody's object. */
export const ALIASING: readonly IOManagerCase[] = [
  {
    id: 'aliasing/after-storing',
    title: 'changing a value after it was stored does not change what is stored',
    async run({ open }) {
      const manager = await open();
      const value = shop();
      await manager.store(numbered(1), value);
      spoil(value);
      await assertStored(manager, numbered(1), shop());
    },
  },
  {
    id: 'aliasing/after-loading',
    title: 'changing a loaded value changes neither what is stored nor what others loaded',
    async run({ open }) {
      const manager = await open();
      await manager.store(numbered(1), shop());
      const [one, other] = [(await manager.load(numbered(1))) as Shop, await manager.load(numbered(1))];
      spoil(one);
      assertSameValue(other, shop(), 'the value that somebody else loaded');
      await assertStored(manager, numbered(1), shop());
    },
  },
  {
    id: 'aliasing/bytes',
    title: 'stored bytes share no memory with the buffer that was stored, or with what is loaded',
    async run({ open }) {
      const manager = await open();
      for (const size of [10, 100_000]) {
        const bytes = Buffer.alloc(size, 1);
        await manager.store(numbered(size), bytes);
        bytes.fill(2);
        ((await manager.load(numbered(size))) as Buffer).fill(3);
        const loaded = (await manager.load(numbered(size))) as Buffer;
        assert.ok(loaded.equals(Buffer.alloc(size, 1)), `${size} bytes were changed from outside`);
      }
    },
  },
  {
    id: 'aliasing/does-not-change-the-value',
    title: 'storing does not change the value, also when it is frozen',
    async run({ open }) {
      const manager = await open();
      const value = shop();
      await manager.store(numbered(1), value);
      assertSameValue(value, shop(), 'the value after it was stored');
      const frozen = Object.freeze({ rows: Object.freeze([Object.freeze({ id: 1 })]) });
      await manager.store(numbered(2), frozen);
      await assertStored(manager, numbered(2), { rows: [{ id: 1 }] });
    },
  },
  {
    id: 'aliasing/does-not-change-the-context',
    title: 'every method works with a frozen context, whose identifier is frozen, too',
    async run({ open }) {
      const manager = await open();
      const context = numbered(1);
      const identifier = Object.freeze([...context.getOutputIdentifier()]);
      const frozen = Object.freeze({ ...context, getOutputIdentifier: () => identifier });
      await manager.store(frozen, 'value');
      await assertStored(manager, frozen, 'value');
      await assertStored(manager, numbered(1), 'value');
    },
  },
];
