import { type Closure, hashFile } from '../../src/closure.ts';
import { FilesOnDisk } from '../../src/source-files.ts';
import type { GraphOptions } from '../../src/source-graph.ts';
import type { TemporaryProject } from './project.ts';

export const CONDITIONS: GraphOptions['conditions'] = {
  import: ['import', 'node', 'default'],
  require: ['require', 'node', 'default'],
};

/** The closure of a file of a project as it is on disk, read anew each time. */
export function hash(project: TemporaryProject, file = 'src/ops.ts', options: Partial<GraphOptions> = {}): Closure {
  const closure = hashFile(project.path(file), {
    files: new FilesOnDisk(),
    conditions: CONDITIONS,
    tsconfig: undefined,
    nativeTypes: false,
    ...options,
  });
  if (closure === undefined) throw new Error(`the project has no ${file}`);
  return closure;
}

export function kinds(closure: Closure): readonly string[] {
  return closure.findings.map((finding) => finding.kind);
}

/** Paths of the files in a closure, relative to the project. */
export function filesIn(closure: Closure, project: TemporaryProject): readonly string[] {
  return closure.nodes.map((node) => node.path.slice(project.root.length + 1));
}
