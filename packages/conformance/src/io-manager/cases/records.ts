import assert from 'node:assert/strict';
import type { RecordStore } from '@memo/core/plugin';
import type { IOManagerCase } from '../io-manager-case.ts';
import { pairOf } from '../trial.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (stored: Uint8Array | undefined) => (stored === undefined ? undefined : new TextDecoder().decode(stored));

/** What a segment that can be opened gives from its fifth byte on, and behind its end. */
async function partOfOpened(records: RecordStore, segment: string) {
  const opened = await records.open?.(segment);
  const into = new Uint8Array(100);
  const part = (position: number) => text(into.subarray(0, opened?.read(into, position)));
  return opened && { bytes: opened.bytes, part: part(4), beyond: part(99) };
}

/** The small store beside the values. */
export const RECORDS: readonly IOManagerCase[] = [
  {
    id: 'records/empty',
    title: 'new storage has no segments and no documents',
    needs: ['records'],
    async run({ open }) {
      const { records } = await open();
      assert.deepEqual([...(await records.segments())], []);
      assert.deepEqual([...(await records.documents(''))], []);
      assert.equal(await records.getDocument('pin'), undefined);
    },
  },
  {
    id: 'records/append-and-read',
    title: 'what was appended to a segment and flushed is read back, from any offset, by every manager',
    needs: ['records'],
    async run(trial) {
      const [one, other] = await pairOf(trial);
      await one.records.append('a', bytes('one '), { flush: true });
      await one.records.append('a', bytes('two'), { flush: true });
      await one.records.append('b', bytes('three'), { flush: true });
      for (const { records } of [one, other]) {
        assert.equal(text(await records.read('a', 0)), 'one two');
        assert.equal(text(await records.read('a', 4)), 'two');
        assert.equal(text(await records.read('a', 7)), '');
        assert.deepEqual(await partOfOpened(records, 'a'), records.open && { bytes: 7, part: 'two', beyond: '' });
        const segments = [...(await records.segments())].map(({ name, bytes: size }) => `${name} ${size}`);
        assert.deepEqual(segments.sort(), ['a 7', 'b 5']);
      }
    },
  },
  {
    id: 'records/own-writes',
    title: 'a writer reads its own appends, flushed or not, in their order',
    needs: ['records'],
    async run({ open }) {
      const { records } = await open();
      const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
      for (const line of lines) await records.append('a', bytes(line));
      await records.append('a', bytes('end'), { flush: true });
      assert.equal(text(await records.read('a', 0)), `${lines.join('')}end`);
    },
  },
  {
    id: 'records/flush-of-nothing',
    title: 'flushing no bytes makes all that was appended before visible to others, and adds nothing',
    needs: ['records'],
    async run(trial) {
      const [{ records }, other] = await pairOf(trial);
      const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
      for (const line of lines) await records.append('a', bytes(line));
      await records.append('a', new Uint8Array(), { flush: true });
      assert.equal(text(await other.records.read('a', 0)), lines.join(''));
    },
  },
  {
    id: 'records/remove',
    title: 'a removed segment is gone, and can be begun again',
    needs: ['records'],
    async run({ open }) {
      const { records } = await open();
      await records.append('a', bytes('old'), { flush: true });
      await records.append('b', bytes('kept'), { flush: true });
      await records.remove('a');
      assert.deepEqual(
        [...(await records.segments())].map(({ name }) => name),
        ['b'],
      );
      await records.append('a', bytes('new'), { flush: true });
      assert.equal(text(await records.read('a', 0)), 'new');
    },
  },
  {
    id: 'records/compare-and-swap',
    title: 'a document changes only for whoever names its tag, which never comes back',
    needs: ['records'],
    async run(trial) {
      const [{ records }, other] = await pairOf(trial);
      const tag = async () => (await other.records.getDocument('pin'))?.tag;
      assert.equal(await records.putDocument('pin', bytes('a'), undefined), true);
      assert.equal(await other.records.putDocument('pin', bytes('b'), undefined), false);
      const first = await tag();
      assert.equal(await other.records.putDocument('pin', bytes('b'), first), true);
      assert.equal(await records.putDocument('pin', bytes('c'), first), false);
      assert.equal(await records.putDocument('pin', bytes('a'), await tag()), true);
      assert.equal(await records.putDocument('pin', bytes('c'), first), false, 'the tag of an older, equal document');
      assert.equal(text((await other.records.getDocument('pin'))?.bytes), 'a');
    },
  },
  {
    id: 'records/remove-document',
    title: 'a document is removed only by whoever names its tag, and can be made again under another one',
    needs: ['records', 'record removal'],
    async run(trial) {
      const [{ records }, other] = await pairOf(trial);
      await records.putDocument('pin', bytes('a'), undefined);
      const first = (await records.getDocument('pin'))?.tag ?? '';
      await records.putDocument('pin', bytes('b'), first);
      assert.equal(await other.records.removeDocument?.('pin', first), false, 'removed by an old tag');
      assert.equal(text((await records.getDocument('pin'))?.bytes), 'b');
      const second = (await other.records.getDocument('pin'))?.tag ?? '';
      assert.equal(await other.records.removeDocument?.('pin', second), true);
      assert.equal(await records.getDocument('pin'), undefined);
      assert.deepEqual([...(await records.documents(''))], []);
      assert.equal(await records.putDocument('pin', bytes('c'), second), false, 'the tag of a removed document');
      assert.equal(await records.putDocument('pin', bytes('c'), undefined), true);
    },
  },
  {
    id: 'records/one-of-many-swaps-wins',
    title: 'of 20 who change a document at once one succeeds, and its bytes are there',
    needs: ['records'],
    async run({ openSeveral }) {
      const managers = await openSeveral(4);
      const writers = Array.from({ length: 20 }, (_, writer) => writer);
      const store = (writer: number): RecordStore => (managers[writer % managers.length] ?? assert.fail()).records;
      for (const round of [1, 2, 3]) {
        const expected = (await store(0).getDocument('pin'))?.tag;
        const put = async (writer: number) => store(writer).putDocument('pin', bytes(`${round} ${writer}`), expected);
        const won = (await Promise.all(writers.map(put))).flatMap((success, writer) => (success ? [writer] : []));
        assert.equal(won.length, 1, `${won.length} writers were told that they changed the document`);
        assert.equal(text((await store(1).getDocument('pin'))?.bytes), `${round} ${won[0]}`);
      }
    },
  },
  {
    id: 'records/documents-by-prefix',
    title: 'documents are listed by prefix',
    needs: ['records'],
    async run({ open }) {
      const { records } = await open();
      for (const key of ['pin-1', 'pin-2', 'pi', 'effect-1']) await records.putDocument(key, bytes(key), undefined);
      assert.deepEqual([...(await records.documents('pin-'))].sort(), ['pin-1', 'pin-2']);
      assert.deepEqual([...(await records.documents(''))].sort(), ['effect-1', 'pi', 'pin-1', 'pin-2']);
    },
  },
  {
    id: 'records/hostile-names',
    title: 'names outside the alphabet are refused, and write nothing',
    needs: ['records'],
    async run({ open }) {
      const { records } = await open();
      for (const name of ['', '..', '../x', 'a/b', 'A', 'a.b', 'a\0', 'x'.repeat(101)]) {
        await assert.rejects(async () => records.append(name, bytes('x'), { flush: true }), TypeError, name);
        await assert.rejects(async () => records.putDocument(name, bytes('x'), undefined), TypeError, name);
        await assert.rejects(async () => records.read(name, 0), TypeError, name);
      }
      assert.deepEqual([...(await records.segments())], []);
    },
  },
  {
    id: 'records/no-references',
    title: 'bytes that were given or handed out can be changed without harm',
    needs: ['records'],
    async run({ open }) {
      const { records } = await open();
      const given = bytes('abc');
      const early = bytes('early ');
      await records.append('a', early);
      early.fill(0);
      await records.append('a', given, { flush: true });
      await records.putDocument('pin', given, undefined);
      given.fill(0);
      (await records.read('a', 0)).fill(1);
      (await records.getDocument('pin'))?.bytes.fill(1);
      assert.equal(text(await records.read('a', 0)), 'early abc');
      assert.equal(text((await records.getDocument('pin'))?.bytes), 'abc');
    },
  },
  {
    id: 'records/outlive-the-manager',
    title: 'flushed segments and documents outlive the manager',
    needs: ['records', 'durable'],
    async run({ open }) {
      const one = await open();
      await one.records.append('a', bytes('kept'), { flush: true });
      await one.records.putDocument('pin', bytes('kept, too'), undefined);
      await one.dispose();
      const { records } = await open();
      assert.equal(text(await records.read('a', 0)), 'kept');
      assert.equal(text((await records.getDocument('pin'))?.bytes), 'kept, too');
    },
  },
];
