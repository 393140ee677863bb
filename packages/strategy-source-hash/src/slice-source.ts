import { resolve } from 'node:path';
import { MemoError } from '@memo/core/plugin';
import { ClosureReader } from './closure.ts';
import { worstCertainty } from './definition-notes.ts';
import { byCodeUnits, digestList } from './digest.ts';
import { type Included, readIncluded } from './included.ts';
import { checkOverrides } from './overrides.ts';
import { relativePath } from './relative-path.ts';
import { Declarations } from './slice/declarations.ts';
import type { SliceAsset, SliceRequest, SourceSlice } from './slice/source-slice.ts';
import { FilesOnDisk } from './source-files.ts';

/** Conditions of Node without options: the answer must not depend on how the asking process was started. */
const CONDITIONS = { import: ['import', 'node', 'default'], require: ['require', 'node', 'default'] };

/**
 * What the behaviour of an export can depend on, by reading files as they are on disk: no code of the program is run.
 *
 * Throws a TypeError for entries of `include`, `exclude` and `assumePure` that can name nothing.
 *
 * @throws MemoError M4009 when there is no such file, or it exports nothing of that name.
 */
export function sliceSource(request: SliceRequest): SourceSlice {
  const { root, file, exportName, tsconfig, effects = 'evaluated' } = request;
  const { include = [], exclude = [], assumePure = [] } = request;
  checkOverrides({ include, exclude, assumePure }, '', 'sliceSource');
  const path = resolve(root, file);
  const reader = new ClosureReader({
    files: new FilesOnDisk(),
    conditions: CONDITIONS,
    tsconfig: tsconfig === undefined ? undefined : resolve(root, tsconfig),
    nativeTypes: false,
    effects,
  });
  const declarations = new Declarations({ exclude, assumePure }, resolve(root), reader.graph.manifests);
  const slice = reader.slices.ofExport(path, exportName, declarations);
  if (slice === undefined) {
    const name = relativePath(root, path);
    throw new MemoError('M4009', `${name} has no export ${exportName} to slice`, { place: { file: path } });
  }
  const described = slice.describe(root);
  return include.length === 0 ? described : including(described, readIncluded(include, resolve(root), reader), root);
}

/** A slice with what counts beside the code. */
function including(slice: SourceSlice, { forms, nodes, packages, uncertain }: Included, root: string): SourceSlice {
  const known = new Set(slice.assets.map(({ file }) => file));
  const found = nodes.map(({ path, digest }): SliceAsset => ({ file: relativePath(root, path), digest }));
  const all = [...slice.uncertain, ...uncertain];
  return {
    ...slice,
    version: `sh3-${digestList([slice.version, ...forms])}`,
    certainty: worstCertainty(all),
    packages: [...new Set([...slice.packages, ...packages])].sort(byCodeUnits),
    assets: [...slice.assets, ...found.filter(({ file }) => !known.has(file))],
    uncertain: all,
  };
}
