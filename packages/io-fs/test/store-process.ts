// A process of its own for tests. The first parameter says what it does, the second one is the directory of the store.
import { FsIOManager } from '../src/index.ts';
import { outputContext, versionOf } from './output-context.ts';

const [mode = '', directory = '', first = '0', second = '0'] = process.argv.slice(2);
const store = new FsIOManager(directory, { durability: 'none', smallBytes: 20_000 });

/** What a writer means to store under a number: of all sizes, so that a kill finds every kind of write. */
export function meantValue(index: number): unknown {
  const kinds = [
    { index },
    Buffer.alloc(10_000, index % 251),
    Buffer.alloc(100_000 + index, index % 251),
    `text ${index}`,
  ];
  return kinds[index % kinds.length];
}

async function* streamOf(index: number): AsyncGenerator<Uint8Array> {
  for (let chunk = 0; chunk < 6; chunk++) yield new Uint8Array(50_000).fill(index % 251);
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Stores one value after the other and tells each that is finished, until it is killed. */
async function churn(): Promise<never> {
  for (let index = Number(first); ; index++) {
    const context = outputContext({ version: versionOf(index) });
    await store.handleOutput(context, index % 5 === 4 ? streamOf(index) : meantValue(index));
    report(String(index));
  }
}

/** Races with other processes for the same addresses and tells who won each. */
async function race(): Promise<void> {
  for (let index = 0; index < Number(second); index++) {
    const context = outputContext({ version: versionOf(index), contentDigest: `vf1:${first}` });
    const stored = await store.handleOutput(context, {
      writer: first,
      filler: 'x'.repeat(index % 2 === 0 ? 100 : 30_000),
    });
    report(`${stored.outcome} ${stored.contentDigest}`);
  }
}

/** Tries every method once and tells the codes of the errors. */
async function attempt(): Promise<void> {
  const context = outputContext();
  const attempts: Record<string, () => unknown> = {
    store: () => store.handleOutput(context, Buffer.alloc(Number(first), 'x')),
    look: () => store.hasOutput(context),
    load: () => store.loadInput(context),
    remove: () => store.deleteOutput(context),
    record: () => store.records.append('a', new Uint8Array(10)),
  };
  for (const [name, act] of Object.entries(attempts)) {
    try {
      const result = await act();
      report(`${name} ${typeof result === 'boolean' ? result : 'done'}`);
    } catch (error) {
      const { code, fix, because } = error as { code?: string; fix?: string; because?: string };
      report(
        `${name} ${code} ${because === undefined ? '' : `because ${because} `}${fix === undefined ? '' : `fix ${fix}`}`,
      );
    }
  }
}

if (process.argv[1]?.endsWith('store-process.ts')) {
  if (mode === 'churn') await churn();
  if (mode === 'race') await race();
  if (mode === 'attempt') await attempt();
  await store.dispose();
}
