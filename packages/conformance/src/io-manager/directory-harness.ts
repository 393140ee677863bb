import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { Awaitable, MemoizableIOManager } from '@memo/core/plugin';
import type { IOManagerHarness, IOManagerStorage, ProcessDoor, RawStorage } from './harness.ts';

/** What {@link directoryHarness} needs. */
export interface DirectoryHarnessOptions {
  readonly name: string;
  /** A new manager over the directory, which does not exist before the first manager makes it. */
  open(directory: string): Awaitable<MemoizableIOManager>;
  /** A manager whose store cannot be reached. */
  readonly openUnreachable?: (directory: string) => Awaitable<MemoizableIOManager>;
  /** A manager that loads values of at most so many bytes. */
  readonly openLimited?: (directory: string, maxBytes: number) => Awaitable<MemoizableIOManager>;
  /** A manager that has room for so many bytes more. */
  readonly openFull?: (directory: string, bytes: number) => Awaitable<MemoizableIOManager>;
  /** A manager that has something to warn about. */
  readonly openTroubled?: (directory: string) => Awaitable<MemoizableIOManager>;
  /** After how many milliseconds leases are taken over. */
  readonly leaseMs?: number;
  /** The module with which other processes open the directory: it exports `open(directory)`. */
  readonly otherProcesses?: Omit<ProcessDoor, 'data'>;
  /** Whether a file holds a stored output, by its path from the directory. Default: all of them. */
  isObject?(path: string): boolean;
}

/**
 * The harness of a manager that stores in a directory. Each case gets a directory of its own, three levels deep in another one, so that
 * what escapes is found.
 */
export function directoryHarness(options: DirectoryHarnessOptions): IOManagerHarness {
  const { isObject = () => true } = options;
  return {
    name: options.name,
    setup() {
      const jail = mkdtempSync(join(tmpdir(), 'memo-conformance-'));
      const directory = join(jail, 'one', 'two', 'store');
      return {
        open: () => options.open(directory),
        raw: rawFiles(directory, isObject),
        escaped: () => filesIn(jail).filter((path) => !path.startsWith(relative(jail, directory) + sep)),
        ...optionalDoors(options, directory),
        dispose: () => rmSync(jail, { recursive: true, force: true }),
      };
    },
  };
}

/** What an author gave beside `open`, for one directory. */
function optionalDoors(options: DirectoryHarnessOptions, directory: string): Partial<IOManagerStorage> {
  const { otherProcesses, openUnreachable, openLimited, openFull, openTroubled, leaseMs } = options;
  return {
    ...(otherProcesses && { otherProcesses: { ...otherProcesses, data: directory } }),
    ...(openUnreachable && { openUnreachable: () => openUnreachable(directory) }),
    ...(openLimited && { openLimited: (maxBytes: number) => openLimited(directory, maxBytes) }),
    ...(openFull && { openFull: (bytes: number) => openFull(directory, bytes) }),
    ...(openTroubled && { openTroubled: () => openTroubled(directory) }),
    ...(leaseMs === undefined ? {} : { leaseMs }),
  };
}

/** The files below a directory as raw storage. */
function rawFiles(directory: string, isObject: (path: string) => boolean): RawStorage {
  return {
    list: () => filesIn(directory).filter(isObject),
    read: (name) => readFileSync(join(directory, name)),
    write: (name, bytes) => writeFileSync(join(directory, name), bytes),
  };
}

/** All files below a directory, relative to it; `[]` where there is none. */
function filesIn(directory: string): string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}
