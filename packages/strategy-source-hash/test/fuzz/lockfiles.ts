import type { Program } from './random-program.ts';

/** What a lockfile says of one installed package. */
interface Installed {
  /** Where it lies: `node_modules/outer/node_modules/inner`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const MANAGERS = ['npm', 'pnpm', 'yarn', 'berry'] as const;

export type Manager = (typeof MANAGERS)[number];

/** The files in which a package manager says what is installed. */
export function lockfilesOf(manager: Manager, program: Program): Program {
  const installed = installedIn(program);
  const wanted = Object.entries(dependenciesIn(program['package.json'] ?? '{}'));
  switch (manager) {
    case 'npm':
      return npmLockfiles(installed, Object.fromEntries(wanted));
    case 'pnpm': {
      const text = pnpmLockfile(installed, wanted);
      return { 'pnpm-lock.yaml': text, 'node_modules/.pnpm/lock.yaml': text };
    }
    case 'yarn':
      return { 'yarn.lock': yarnLockfile(installed, wanted) };
    case 'berry':
      return { 'yarn.lock': berryLockfile(installed, wanted) };
  }
}

/** The manager whose lockfile a program has. */
export function managerOf(program: Program): Manager {
  if (program['pnpm-lock.yaml'] !== undefined) return 'pnpm';
  const yarn = program['yarn.lock'];
  if (yarn === undefined) return 'npm';
  return yarn.startsWith('#') ? 'yarn' : 'berry';
}

function installedIn(program: Program): readonly Installed[] {
  return Object.entries(program).flatMap(([file, text]) => {
    if (!file.startsWith('node_modules/') || !file.endsWith('/package.json')) return [];
    const path = file.slice(0, -'/package.json'.length);
    const { version } = JSON.parse(text) as { readonly version: string };
    return [{ path, name: path.slice(path.lastIndexOf('/') + 1), version, dependencies: dependenciesIn(text) }];
  });
}

function dependenciesIn(text: string): Readonly<Record<string, string>> {
  return (JSON.parse(text) as { readonly dependencies?: Record<string, string> }).dependencies ?? {};
}

/** The package that another one gets by a name: the one inside it, else the one at the top. */
function gotBy(user: string, name: string, installed: readonly Installed[]): Installed | undefined {
  const at = (path: string): Installed | undefined => installed.find((one) => one.path === path);
  return at(`${user}/node_modules/${name}`) ?? at(`node_modules/${name}`);
}

function npmLockfiles(installed: readonly Installed[], wanted: Readonly<Record<string, string>>): Program {
  const packages = Object.fromEntries(
    installed.map(({ path, version, dependencies }) => [path, { version, dependencies }]),
  );
  const locked = { name: 'p', lockfileVersion: 3, requires: true };
  const root = { '': { name: 'p', dependencies: wanted } };
  return {
    'package-lock.json': JSON.stringify({ ...locked, packages: { ...root, ...packages } }),
    'node_modules/.package-lock.json': JSON.stringify({ ...locked, packages }),
  };
}

type Wanted = readonly (readonly [name: string, range: string])[];

function pnpmLockfile(installed: readonly Installed[], wanted: Wanted): string {
  const importers = wanted.map(([name, range]) => {
    const version = gotBy('', name, installed)?.version ?? '';
    return `      ${name}:\n        specifier: ${range}\n        version: ${version}\n`;
  });
  const snapshots = installed.map(({ path, name, version, dependencies }) => {
    const lines = Object.keys(dependencies).map(
      (one) => `      ${one}: ${gotBy(path, one, installed)?.version ?? ''}\n`,
    );
    return lines.length === 0
      ? `  ${name}@${version}: {}\n`
      : `  ${name}@${version}:\n    dependencies:\n${lines.join('')}`;
  });
  const packages = installed.map(({ name, version }) => `  ${name}@${version}:\n    resolution: {integrity: x}\n`);
  const [importer, all, each] = [importers, packages, snapshots].map((lines) => [...new Set(lines)].join(''));
  return `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n${importer}packages:\n${all}snapshots:\n${each}`;
}

/** What each range of a package was resolved to. */
function rangesOf(installed: readonly Installed[], wanted: Wanted): ReadonlyMap<string, Installed> {
  const found = new Map<string, Installed>();
  const users = [{ path: '', dependencies: Object.fromEntries(wanted) }, ...installed];
  for (const { path, dependencies } of users) {
    for (const [name, range] of Object.entries(dependencies)) {
      const one = gotBy(path, name, installed);
      if (one !== undefined) found.set(`${name}@${range}`, one);
    }
  }
  return found;
}

function yarnLockfile(installed: readonly Installed[], wanted: Wanted): string {
  const entries = [...rangesOf(installed, wanted)].map(([key, { name, version, dependencies }]) => {
    const lines = Object.entries(dependencies).map(([one, range]) => `    ${one} "${range}"\n`);
    const uses = lines.length === 0 ? '' : `  dependencies:\n${lines.join('')}`;
    return `${key}:\n  version "${version}"\n  resolved "https://registry.example/${name}/-/${name}-${version}.tgz#x"\n  integrity sha512-x\n${uses}`;
  });
  return `# yarn lockfile v1\n\n${entries.join('\n')}`;
}

function berryLockfile(installed: readonly Installed[], wanted: Wanted): string {
  const entries = [...rangesOf(installed, wanted)].map(([key, { name, version, dependencies }]) => {
    const lines = Object.entries(dependencies).map(([one, range]) => `    ${one}: "npm:${range}"\n`);
    const uses = lines.length === 0 ? '' : `  dependencies:\n${lines.join('')}`;
    return `"${key.replace(/(?<=.)@/, '@npm:')}":\n  version: ${version}\n  resolution: "${name}@npm:${version}"\n${uses}  checksum: x\n  languageName: node\n  linkType: hard\n`;
  });
  return `__metadata:\n  version: 8\n\n${entries.join('\n')}`;
}
