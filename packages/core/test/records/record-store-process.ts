// A process of its own for file-record-store.test.ts: `count <directory> <times>` adds to a document by compare-and-swap,
// `churn <directory>` swaps and appends until it is killed, `append <directory>` appends once.
import { fileRecordStore } from '../../src/records/file-record-store.ts';

const [mode = '', directory = '', times = '0'] = process.argv.slice(2);
const store = fileRecordStore(directory, { durability: 'none' });

async function addOne(key: string): Promise<number> {
  for (;;) {
    const current = await store.getDocument(key);
    const next = current === undefined ? 1 : Number(new TextDecoder().decode(current.bytes)) + 1;
    if (await store.putDocument(key, new TextEncoder().encode(String(next)), current?.tag)) return next;
  }
}

if (mode === 'count') {
  for (let index = 0; index < Number(times); index++) await addOne('counter');
} else if (mode === 'append') {
  await store.append('a', new TextEncoder().encode('appended'), { flush: true });
} else {
  for (;;) {
    const reached = await addOne('churned');
    await store.append(`churn-${process.pid}`, new TextEncoder().encode(`${reached}\n`), { flush: true });
    process.stdout.write(`${reached}\n`);
  }
}
