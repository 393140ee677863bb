import { resolve } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { checkOverrides } from './overrides.ts';
import { relativePath } from './relative-path.ts';
import { Declarations } from './slice/declarations.ts';
import { SliceReader } from './slice/slice-reader.ts';
import type { SliceRequest, SourceSlice } from './slice/source-slice.ts';
import { FilesOnDisk } from './source-files.ts';
import { SourceGraph } from './source-graph.ts';

/** Conditions of Node without options: the answer must not depend on how the asking process was started. */
const CONDITIONS = { import: ['import', 'node', 'default'], require: ['require', 'node', 'default'] };

/**
 * What the behaviour of an export can depend on, by reading files as they are on disk: no code of the program is run.
 *
 * Throws a TypeError for entries of `exclude` and `assumePure` that can name nothing.
 *
 * @throws MemoError M4009 when there is no such file, or it exports nothing of that name.
 */
export function sliceSource(request: SliceRequest): SourceSlice {
  const { root, file, exportName, tsconfig, effects = 'evaluated', exclude = [], assumePure = [] } = request;
  checkOverrides({ exclude, assumePure }, '', 'sliceSource');
  const path = resolve(root, file);
  const graph = new SourceGraph({
    files: new FilesOnDisk(),
    conditions: CONDITIONS,
    tsconfig: tsconfig === undefined ? undefined : resolve(root, tsconfig),
    nativeTypes: false,
  });
  const declarations = new Declarations({ exclude, assumePure }, resolve(root), graph.manifests);
  const slice = new SliceReader(graph, effects).ofExport(path, exportName, declarations);
  if (slice === undefined) {
    const name = relativePath(root, path);
    throw new MemoError('M4009', `${name} has no export ${exportName} to slice`, { place: { file: path } });
  }
  return slice.describe(root);
}
