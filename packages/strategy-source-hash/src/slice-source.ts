import { basename, resolve } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { hashFile } from './closure.ts';
import { byCodeUnits, digestList } from './digest.ts';
import { certaintyOf } from './finding.ts';
import { relativePath } from './relative-path.ts';
import type { SliceRequest, SourceSlice } from './slice/source-slice.ts';
import { FilesOnDisk } from './source-files.ts';

/** Conditions of Node without options: the answer must not depend on how the asking process was started. */
const CONDITIONS = { import: ['import', 'node', 'default'], require: ['require', 'node', 'default'] };

/**
 * What the behaviour of an export can depend on, by reading files as they are on disk: no code of the program is run.
 *
 * @throws MemoError M4009 when there is no such file.
 */
export function sliceSource({ root, file, exportName, tsconfig }: SliceRequest): SourceSlice {
  const path = resolve(root, file);
  const closure = hashFile(path, {
    files: new FilesOnDisk(),
    conditions: CONDITIONS,
    tsconfig: tsconfig === undefined ? undefined : resolve(root, tsconfig),
    nativeTypes: false,
  });
  if (closure === undefined) {
    throw new MemoError('M4009', `There is no file ${relativePath(root, path)} to slice`, { place: { file: path } });
  }
  const sources = closure.nodes.filter((node) => node.kind === 'source');
  const uncertain = closure.findings.map(({ kind, message, place }) => ({ kind, message, place }));
  const certainties = new Set(uncertain.map(({ kind }) => certaintyOf(kind)));
  return {
    version: `sh2-${digestList(['slice', exportName, closure.digest])}`,
    certainty: certainties.has('untrackable') ? 'untrackable' : certainties.size > 0 ? 'assumed' : 'exact',
    symbols: sources.map((node) => ({
      file: relativePath(root, node.path),
      name: '<module>',
      digest: node.digest,
      via: [exportName, basename(node.path)],
    })),
    packages: [...closure.packages].sort(byCodeUnits),
    assets: closure.nodes
      .filter((node) => node.kind !== 'source')
      .map((node) => ({ file: relativePath(root, node.path), digest: node.digest })),
    env: [...new Set(uncertain.flatMap(({ kind }) => (kind.startsWith('env:') ? [kind.slice(4)] : [])))].sort(
      byCodeUnits,
    ),
    uncertain,
  };
}
