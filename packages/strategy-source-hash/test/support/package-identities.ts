import { InstalledPackages } from '../../src/installed-packages.ts';
import { Lockfiles } from '../../src/npm/lockfiles.ts';
import { type PackageIdentity, resolvePackageIdentity } from '../../src/npm/package-identity.ts';
import { PackageJsonReader } from '../../src/package-json.ts';
import { FilesOnDisk } from '../../src/source-files.ts';
import { type FileTexts, type TemporaryProject, temporaryProject } from './project.ts';

/** The identity of what `src/ops.ts` gets under a specifier, read anew each time. */
export function identity(project: TemporaryProject, specifier = 'dep', importer = 'src/ops.ts'): PackageIdentity {
  const found = identityOrSource(project, { specifier, importer, inside: `node_modules/${specifier}/index.js` });
  if (found === undefined) throw new Error(`${specifier} is source`);
  return found;
}

export function identityOrSource(
  project: TemporaryProject,
  { specifier, importer, inside }: { readonly specifier: string; readonly importer: string; readonly inside: string },
): PackageIdentity | undefined {
  const files = new FilesOnDisk();
  const edited = new Set<string>();
  const manifests = new PackageJsonReader(files, edited);
  return resolvePackageIdentity(
    { importer: project.path(importer), specifier, file: project.path(inside) },
    { manifests, installed: new InstalledPackages(manifests, files, edited), lockfiles: new Lockfiles(files, edited) },
  );
}

/** A project that imports `dep`, which depends on `sub`; `other` is there for nobody. All are installed flat. */
export function installedProject(lockfile: FileTexts, ranges: Readonly<Record<string, string>> = {}): TemporaryProject {
  return temporaryProject({
    'package.json': JSON.stringify({ name: 'p', dependencies: { dep: '^1.0.0', other: '^1.0.0', ...ranges } }),
    'node_modules/dep/package.json': JSON.stringify({ name: 'dep', version: '1.0.0', dependencies: { sub: '^2.0.0' } }),
    'node_modules/sub/package.json': JSON.stringify({ name: 'sub', version: '2.0.0' }),
    'node_modules/other/package.json': JSON.stringify({ name: 'other', version: '1.0.0' }),
    ...lockfile,
  });
}
