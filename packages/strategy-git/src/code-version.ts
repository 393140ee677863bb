import { hash } from 'node:crypto';
import type { CodeVersion, Json, OpVersionContext, ResourceVersionContext, Uncertainty } from '@memo/core/plugin';
import type { FileClosure } from '@memo/strategy-source-hash';
import type { CodeFiles } from './code-files.ts';
import { certaintyWith } from './finding.ts';
import { editedMeanwhile, uncommitted, untrackable } from './git-errors.ts';
import type { GitManifest } from './manifest.ts';
import type { GitScope } from './scope.ts';

/** Changes when the rules do: then no older version is equal to a new one. */
const ALGORITHM = 'git/1';

const NODE = process.versions.node.split('.')[0] ?? '';

/** The beginning of the JSON of what a version is a digest of; two digests follow. */
const PARTS = `${JSON.stringify([ALGORITHM, NODE]).slice(0, -1)},`;

export interface VersionPolicy {
  readonly scope: GitScope;
  readonly dirty: 'hash' | 'error' | 'always-run';
  readonly onUntrackable: 'warn' | 'error' | 'always-run';
}

/** An op or resource with the files that its code was loaded from. */
export interface VersionedCode {
  readonly context: OpVersionContext | ResourceVersionContext;
  readonly closure: FileClosure;
  readonly files: CodeFiles;
}

/** The version of one op or resource. */
export function codeVersion({ context, closure, files }: VersionedCode, policy: VersionPolicy): CodeVersion {
  const { set } = files;
  const uncertain = set.findings.length === 0 ? closure.uncertain : [...closure.uncertain, ...set.findings];
  const certainty = certaintyWith(closure.certainty, set.findings);
  if (set.edited.length > 0) throw editedMeanwhile(nameOf(context), set.edited);
  if (policy.dirty === 'error' && set.uncommitted.length > 0) throw uncommitted(nameOf(context), set.uncommitted);
  if (policy.onUntrackable === 'error' && certainty === 'untrackable') throw untrackable(nameOf(context), uncertain);
  const isVolatile =
    (policy.dirty === 'always-run' && set.uncommitted.length > 0) ||
    (policy.onUntrackable === 'always-run' && certainty === 'untrackable');
  return {
    version: `git1-${hash('sha256', `${PARTS}"${closure.surroundings}","${set.digest}"]`)}`,
    certainty,
    manifest: manifestOf({ context, closure, files }, uncertain) as unknown as Json,
    ...(uncertain.length === 0 ? {} : { uncertain }),
    // What counts beside the imports is there to be read by ops.
    ...(closure.loadsLate || policy.scope !== 'imports' ? { loadsLate: true } : {}),
    ...(isVolatile ? { volatile: true } : {}),
  };
}

function nameOf({ kind, name }: VersionedCode['context']): string {
  return `${kind} ${name}`;
}

function manifestOf({ closure, files }: VersionedCode, uncertain: readonly Uncertainty[]): GitManifest {
  return {
    algorithm: ALGORITHM,
    node: NODE,
    get files() {
      return files.set.files;
    },
    commits: files.commits,
    packages: closure.packages,
    surroundings: closure.surroundings.slice(0, 16),
    uncertain: uncertain.length === 0 ? [] : [...new Set(uncertain.map(({ kind }) => kind))].sort(),
  };
}
