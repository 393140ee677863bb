import { resolve } from 'node:path';
import { type MemoizableIOManager, tiered } from '@memo/core';
import { formatCount, plainLines } from '@memo/core/inspect';
import { exportBundle, importBundle } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { findRun } from '../history/run-history.ts';
import { versionsOfRun } from '../history/run-versions.ts';
import { formatBytes } from '../terminal/format-bytes.ts';
import { type CacheStore, jobStores } from './cache-store.ts';
import { type Invocation, printJson } from './command.ts';
import { untilInterrupted } from './until-interrupted.ts';

const DEFAULT_FILE = 'memo-results.memo';

/** `memo cache export`: results with their values and what they were made from, in one file. */
export async function cacheExport(invocation: Invocation): Promise<number> {
  const { flags, out, around } = invocation;
  const { io } = await jobStores(invocation);
  const file = resolve(around.cwd, flags.text('output') ?? DEFAULT_FILE);
  const only = await chosen(invocation);
  return untilInterrupted(invocation, async (signal) => {
    const { results, values, bytes, warnings } = await exportBundle(io, file, { ...only, signal });
    if (flags.has('json')) printJson(out, { schema: 'memo.cache-export/1', file, results, values, bytes, warnings });
    else out.print(`${file}  ${formatCount(results)} results · ${formatCount(values)} values · ${formatBytes(bytes)}`);
    return told(invocation, warnings);
  });
}

/** `memo cache import`: takes the results of such a file, after checking everything in it. */
export async function cacheImport(invocation: Invocation): Promise<number> {
  const { flags, names, out, around } = invocation;
  const given = names[1];
  if (given === undefined) throw usageError('memo cache import needs a file.', `memo cache import ${DEFAULT_FILE}`);
  const { io, names: store } = await jobStores(invocation);
  const file = resolve(around.cwd, given);
  return untilInterrupted(invocation, async (signal) => {
    const { results, kept, values, warnings } = await importBundle(io, file, { signal });
    if (flags.has('json'))
      printJson(out, { schema: 'memo.cache-import/1', file, store, results, kept, values, warnings });
    else
      out.print(
        `${store}  ${formatCount(results)} results taken · ${formatCount(values)} values checked${keptText(kept)}`,
      );
    return told(invocation, warnings);
  });
}

/** `memo cache push`: what is recorded here, for those who share the other store. */
export async function cachePush(invocation: Invocation): Promise<number> {
  const stores = await jobStores(invocation);
  const key = invocation.flags.text('to');
  const only = await chosen(invocation);
  const { name, manager } = defaultOf(stores);
  if (key === undefined) {
    const shared = sharing(manager, name);
    return copied(invocation, shared, {
      from: name,
      to: 'its shared store',
      push: (signal) => shared.push({ ...only, signal }),
    });
  }
  const other = storeOf(stores, key);
  const pair = paired(manager, other);
  return copied(invocation, pair, { from: name, to: other.name, push: (signal) => pair.push({ ...only, signal }) });
}

/** `memo cache pull`: what others have recorded, values included. */
export async function cachePull(invocation: Invocation): Promise<number> {
  const stores = await jobStores(invocation);
  const key = invocation.flags.text('from');
  const { name, manager } = defaultOf(stores);
  if (key === undefined) {
    const shared = sharing(manager, name);
    return copied(invocation, shared, {
      from: 'its shared store',
      to: name,
      push: (signal) => shared.pull({ signal }),
    });
  }
  const other = storeOf(stores, key);
  const pair = paired(other.manager as MemoizableIOManager, { name, manager });
  return copied(invocation, pair, { from: other.name, to: name, push: (signal) => pair.push({ signal }) });
}

type Tiered = ReturnType<typeof tiered>;
type Store = Pick<CacheStore['inspected']['stores'][number], 'name' | 'manager'>;

function defaultOf({ inspected }: CacheStore): Store & { readonly manager: MemoizableIOManager } {
  const [store] = inspected.stores;
  return { name: store?.name ?? '', manager: store?.manager as MemoizableIOManager };
}

function storeOf({ inspected }: CacheStore, key: string): Store {
  const found = inspected.stores.find((store) => store.key === key);
  if (found !== undefined && key !== 'default') return found;
  const others = inspected.stores.filter((store) => store.key !== 'default').map((store) => store.key);
  throw usageError(
    `Job "${inspected.name}" has no other store called ${JSON.stringify(key)}.`,
    others.length === 0 ? 'Give the job one: io: { default: …, archive: … }.' : `It has: ${others.join(', ')}.`,
  );
}

/** A store that has another one behind it. */
function sharing(manager: MemoizableIOManager, name: string): Tiered {
  if ('push' in manager && 'pull' in manager) return manager as Tiered;
  throw usageError(
    `${name} has no shared store behind it.`,
    'Put one there with tiered(local, shared), or name a store of the job: --to archive, --from archive.',
  );
}

/** @throws MemoError M1002 for a store that keeps no records, so that nobody could tell what its values are. */
function paired(from: MemoizableIOManager, to: Store): Tiered {
  if ((to.manager as MemoizableIOManager).records === undefined)
    throw usageError(`${to.name} keeps no records: nobody could tell what its values are.`);
  return tiered(from, to.manager as MemoizableIOManager);
}

/** From where to where results go, and what brings them there. */
interface Copied {
  readonly from: string;
  readonly to: string;
  readonly push: (signal: AbortSignal) => ReturnType<Tiered['push']>;
}

function copied(invocation: Invocation, pair: Tiered, { from, to, push }: Copied): Promise<number> {
  const { flags, out } = invocation;
  return untilInterrupted(invocation, async (signal) => {
    const { published, kept } = await push(signal);
    const warnings = pair.takeWarnings();
    if (flags.has('json'))
      printJson(out, { schema: 'memo.cache-copy/1', from, to, results: published, kept, warnings });
    else out.print(`${from} → ${to}  ${formatCount(published)} results there${keptText(kept)}`);
    return told(invocation, warnings);
  });
}

function keptText(kept: number): string {
  return kept === 0 ? '' : ` · ${formatCount(kept)} not: another content is there, or its store failed`;
}

/** What of a run is meant, with `--run`. */
async function chosen({ flags }: Invocation): Promise<{ readonly only?: readonly string[] }> {
  const run = flags.text('run');
  if (run === undefined) return {};
  return { only: [...(await versionsOfRun(await findRun(run, flags.text('job')))).values()] };
}

function told({ err }: Invocation, warnings: readonly { readonly code: string; readonly message: string }[]): number {
  for (const { message } of warnings) err.print(`${err.paint('yellow', '!')} ${plainLines(message)}`);
  return warnings.some(({ code }) => code === 'shared-store-failed') ? EXIT.storeUnavailable : EXIT.ok;
}
