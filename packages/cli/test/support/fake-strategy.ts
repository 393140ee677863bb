import { createHash } from 'node:crypto';
import type { CodeChange, CodeVersion, Json, VersionStrategy } from '@memo/core';

/** The source of each op, symbol by symbol, as a strategy would find it. */
export type Sources = Record<string, Record<string, string>>;

/** A strategy over sources that a test can change without loading anything again. */
export function fakeStrategy(sources: Sources, id = 'fake@1'): VersionStrategy {
  const versionOf = (name: string): CodeVersion => {
    const symbols = sources[name] ?? { [`function ${name}`]: `${name}()` };
    return { version: createHash('sha256').update(JSON.stringify(symbols)).digest('hex'), manifest: symbols };
  };
  return {
    id,
    getOpVersion: ({ name }) => versionOf(name),
    getResourceVersion: ({ name }) => versionOf(name),
    versionsForBundle: (contexts) => ({
      algorithm: id,
      versions: Object.fromEntries(
        contexts.map(({ kind, name }) => [`${kind} ${name}`, { version: versionOf(name).version, certainty: 'exact' }]),
      ),
    }),
    diffManifests: (before, after) => changes(before as Record<string, Json>, after as Record<string, Json>),
  };
}

function changes(before: Record<string, Json>, after: Record<string, Json>): CodeChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((symbol): CodeChange[] => {
    const [was, is] = [before[symbol] as string | undefined, after[symbol] as string | undefined];
    if (was === is) return [];
    const [what = '', name = ''] = symbol.split(' ');
    const how = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    const place = { file: 'src/ops.ts', line: 31 };
    const values = { ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
    return [{ what, name, how, place, ...values }];
  });
}
