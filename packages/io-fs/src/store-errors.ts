import { dirname } from 'node:path';
import { MemoError, type OutputContext, outputFacts, outputName } from '@memo/core/plugin';
import { type FileSystem, systemCode } from './file-system.ts';

/** What was attempted when the file system refused, for the message. */
export interface Attempt {
  readonly doing: 'read' | 'write' | 'delete' | 'look for' | 'list' | 'sync';
  readonly path: string;
  readonly context?: OutputContext;
}

/**
 * The memo error for what the file system threw: M5006 where the store cannot be written as it is, M5002 for the rest.
 * Errors that are ours already, and aborts, stay as they are.
 */
export function storeError(files: FileSystem, error: unknown, attempt: Attempt): unknown {
  if (MemoError.is(error) || error instanceof TypeError) return error;
  if (attempt.context?.signal.aborted === true && error === attempt.context.signal.reason) return error;
  const code = systemCode(error);
  if (code === undefined) return error;
  const writes = attempt.doing === 'write' || attempt.doing === 'delete';
  const trouble = writes ? writeTrouble(files, code, attempt.path) : undefined;
  const what = attempt.context === undefined ? attempt.path : `${outputName(attempt.context)} at ${attempt.path}`;
  return new MemoError(trouble === undefined ? 'M5002' : 'M5006', `Cannot ${attempt.doing} ${what}: ${code}`, {
    ...(trouble ?? readTrouble(code)),
    details: { path: attempt.path, systemCode: code, ...(attempt.context && outputFacts(attempt.context)) },
    cause: error,
  });
}

interface Trouble {
  readonly because?: string;
  readonly fix?: string;
}

function writeTrouble(files: FileSystem, code: string, path: string): Trouble | undefined {
  switch (code) {
    case 'EROFS':
      return { because: 'the file system is mounted read-only', fix: 'use a store directory that can be written' };
    case 'EACCES':
    case 'EPERM':
      return denied(files, path);
    case 'ENOSPC':
      return { because: 'the disk is full', fix: 'free space, or delete what is not needed with `memo cache prune`' };
    case 'EDQUOT':
      return { because: 'the disk quota is used up', fix: 'free space, or prune with `memo cache prune`' };
    case 'ENAMETOOLONG':
      return { because: 'the path is too long for this file system', fix: 'use a shorter store directory' };
    case 'ENOTDIR':
    case 'EEXIST':
      return fileInTheWay(files, path);
    case 'EXDEV':
      return {
        because: 'parts of the store are on different file systems, so that values cannot be published in one step',
        fix: 'keep the whole store directory on one file system',
      };
    case 'ELOOP':
      return { because: 'symbolic links go round in a circle', fix: 'use a store directory without such links' };
    default:
      return undefined;
  }
}

function readTrouble(code: string): Trouble {
  if (code === 'EACCES' || code === 'EPERM') return { fix: 'give this process read access to the store directory' };
  if (code === 'EMFILE' || code === 'ENFILE') return { fix: 'raise the limit of open files (`ulimit -n`)' };
  return {};
}

function denied(files: FileSystem, path: string): Trouble {
  const existing = nearestExisting(files, path);
  const me = process.getuid?.();
  const foreign = existing !== undefined && me !== undefined && existing.owner !== me;
  return {
    ...(foreign ? { because: `${existing.path} belongs to user ${existing.owner}, this process is user ${me}` } : {}),
    fix: `give this process write access to ${existing?.path ?? path}, or use another store directory`,
  };
}

function fileInTheWay(files: FileSystem, path: string): Trouble {
  const existing = nearestExisting(files, path);
  return {
    because: `${existing?.path ?? path} is a file, not a directory`,
    fix: `remove ${existing?.path ?? path}, or use another store directory`,
  };
}

function nearestExisting(files: FileSystem, path: string): { path: string; owner: number } | undefined {
  for (let current = path; ; current = dirname(current)) {
    try {
      const stats = files.lookSync(current);
      if (stats !== undefined) return { path: current, owner: stats.uid };
    } catch {
      // Not readable either: its parent is what people can look at.
    }
    if (dirname(current) === current) return undefined;
  }
}
