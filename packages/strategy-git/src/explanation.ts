import type { CodeChange, Json } from '@memo/core/plugin';
import { byCodeUnits } from './file-set.ts';
import { type CommitNames, commitNames } from './history.ts';
import { recordOf, textOf } from './manifest-part.ts';

interface Asked {
  readonly git: string;
  /** Work trees that may have the history. */
  readonly roots: readonly string[];
}

/**
 * What differs between two manifests, files first, each with the commits that its contents came from and their authors' dates. Takes
 * anything: parts that are missing or malformed count as empty.
 */
export function explainManifests(before: Json, after: Json, asked: Asked): readonly CodeChange[] {
  const files = fileChanges(before, after);
  const names =
    files.length === 0 ? undefined : commitNames({ before, after, files: files.map(({ name }) => name) }, asked);
  const changes = [
    ...files.map((change) => withCommits(change, names)),
    ...diffRecords('package', recordOf(before, 'packages'), recordOf(after, 'packages')),
    ...(['algorithm', 'node'] as const).flatMap((what) =>
      diffRecords(what, new Map([[what, textOf(before, what)]]), new Map([[what, textOf(after, what)]])),
    ),
  ];
  if (changes.length > 0 || textOf(before, 'surroundings') === textOf(after, 'surroundings')) return changes;
  return [{ what: 'surroundings', name: 'what imports lead to, or how files are compiled', how: 'changed' }];
}

/** Changes of files with the ids as they are in manifests. A file that moved with its content is one change. */
function fileChanges(before: Json, after: Json): readonly CodeChange[] {
  const changes = diffRecords('file', recordOf(before, 'files'), recordOf(after, 'files'));
  const removed = new Map(
    changes.filter(({ how }) => how === 'removed').map((change) => [idOf(change.before), change]),
  );
  const moved = new Set<CodeChange>();
  const merged = changes.map((change): CodeChange => {
    const from = change.how === 'added' ? removed.get(idOf(change.after)) : undefined;
    if (from === undefined || moved.has(from)) return change;
    moved.add(from);
    return { what: 'file', name: change.name, how: 'changed', before: from.name, after: change.name };
  });
  return merged.filter((change) => !moved.has(change));
}

function idOf(shown: string | undefined): string {
  return (shown ?? '').replace(/\+$/, '');
}

function withCommits(change: CodeChange, names: CommitNames | undefined): CodeChange {
  const { name, before, after } = change;
  // The two paths of a file that moved say all there is.
  if (before === undefined ? after === undefined : !ID.test(before)) return change;
  return {
    ...change,
    ...(before === undefined ? {} : { before: names?.of(name, idOf(before)) ?? shortened(before) }),
    ...(after === undefined ? {} : { after: names?.of(name, idOf(after)) ?? shortened(after) }),
  };
}

const ID = /^[0-9a-f]{0,64}\+?$/;

function shortened(id: string): string {
  return id.endsWith('+') ? 'uncommitted' : id.slice(0, 7);
}

function diffRecords(
  what: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly CodeChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(byCodeUnits);
  return names.flatMap((name): readonly CodeChange[] => {
    const [old, now] = [before.get(name), after.get(name)];
    // Whether a content is committed is no part of a version.
    if (idOf(old) === idOf(now) && (old === undefined) === (now === undefined)) return [];
    const how = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [
      { what, name, how, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) },
    ];
  });
}
