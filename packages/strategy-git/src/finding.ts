import type { Certainty, Uncertainty } from '@memo/core/plugin';
import type { FileState } from './file-state.ts';

/** Under these the version holds as long as what the options say is true. All others are untrackable. */
const ASSUMED: ReadonlySet<string> = new Set(['outside-scope', 'ignored-code']);

export function certaintyWith(closure: Certainty, findings: readonly Uncertainty[]): Certainty {
  if (findings.length === 0) return closure;
  if (closure === 'untrackable' || findings.some(({ kind }) => !ASSUMED.has(kind))) return 'untrackable';
  return 'assumed';
}

export function outsideScope(file: string): Uncertainty {
  return finding('outside-scope', 'is code of the op, and none of the declared paths: edits of it are not seen', file);
}

export function ignoredCode(file: string): Uncertainty {
  return finding('ignored-code', 'is code of the op that `ignore` leaves out: edits of it are not seen', file);
}

export function missingPath(file: string): Uncertainty {
  return finding('no-such-path', 'is a declared path, but is not there', file);
}

export function unseenSubmodule(file: string): Uncertainty {
  return finding('submodule', 'is a submodule that is not followed: only its commit counts', file);
}

/** What a file that was looked at cannot tell. */
export function findingsIn(state: FileState, file: string): readonly Uncertainty[] {
  if (state.kind === 'link') return [];
  if (state.placeholder === 'lfs-pointer')
    return [finding('lfs-pointer', 'is a Git LFS pointer: its content was not fetched (git lfs pull)', file)];
  if (state.placeholder === 'encrypted')
    return [finding('encrypted', 'is encrypted by git-crypt: its content was not unlocked', file)];
  return [];
}

export function strayLink(file: string): Uncertainty {
  return finding('symbolic-link', 'leads to something that is not among the files that count', file);
}

function finding(kind: string, message: string, file: string): Uncertainty {
  return { kind, message, place: { file } };
}
