// A process of its own that works on the storage of a case. Parameters: the module with `open`, its data, what to do, from which number.
import type { MemoizableIOManager } from '@memo/core/plugin';
import { churnedValue, numbered, numberedValue, valueOfWriter } from './numbered-output.ts';

const [module = '', data = 'null', task = '', from = '0', count = '0'] = process.argv.slice(2);
const { open } = (await import(module)) as { open(data: unknown): MemoizableIOManager | Promise<MemoizableIOManager> };
const manager = await open(JSON.parse(data) as unknown);
const first = Number(from);

/** Stores some outputs. */
async function store(): Promise<void> {
  for (let number = first; number < first + Number(count); number++) {
    await manager.handleOutput(numbered(number), numberedValue(number));
  }
}

/** Stores one output after the other and tells each that is finished, until somebody kills it. */
async function churn(): Promise<void> {
  for (let number = first; ; number++) {
    await manager.handleOutput(numbered(number), churnedValue(number));
    process.stdout.write(`${number}\n`);
  }
}

/** Waits for the others, races for addresses that they want, too, and tells what it was told. */
async function race(): Promise<void> {
  process.stdout.write('ready\n');
  for await (const _ of process.stdin) break;
  for (let number = 0; number < Number(count); number++) {
    const stored: unknown = await manager.handleOutput(numbered(number), valueOfWriter(first, 20_000));
    process.stdout.write(`${(stored as { outcome?: string } | undefined)?.outcome}\n`);
  }
}

/** Takes a lease and keeps it, until somebody kills it. */
async function hold(): Promise<void> {
  await manager.lease?.(from, { signal: new AbortController().signal });
  process.stdout.write('holds\n');
  for await (const _ of process.stdin) break;
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { store, churn, race, hold };
await tasks[task]?.();
await manager.dispose?.();
process.stdout.write('"done"\n');
