import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BackendNames, namesOf } from './names.ts';

/** The template is the package for a backend of this name. */
const TEMPLATE: BackendNames = namesOf('my-backend');
const TEMPLATE_DIRECTORY = fileURLToPath(new URL('../template', import.meta.url));
/** Files of these names have a meaning in packages, wherever they are. */
const RENAMED: Readonly<Record<string, string>> = { _gitignore: '.gitignore', '_package.json': 'package.json' };

/** What {@link createIOManager} makes. */
export interface CreateIOManagerOptions {
  /** Name of the backend, for example `my-backend`: lower-case words with dashes, at most 50 characters. */
  readonly backend: string;
  /** Where to write. Default: `memo-io-<backend>` in the working directory. */
  readonly directory?: string;
}

/** What was written. */
export interface CreatedPackage {
  /** Name of the package: `memo-io-<backend>`. */
  readonly name: string;
  /** Absolute path. */
  readonly directory: string;
  /** Relative to it, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes the package of an IO manager that keeps values in memory, passes the conformance suite and can be published; what makes it yours is
 * marked with `replace me`.
 *
 * Throws a `TypeError` for a bad name, and an `Error` when the directory has files already: nothing is ever overwritten.
 */
export function createIOManager(options: CreateIOManagerOptions): CreatedPackage {
  const names = namesOf(options.backend);
  const directory = resolve(options.directory ?? names.packageName);
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new Error(`${directory} has files in it; choose another directory.`);
  }
  const files = templateFiles().map((path) => {
    const target = targetOf(path, names);
    mkdirSync(dirname(join(directory, target)), { recursive: true });
    writeFileSync(join(directory, target), renamed(readFileSync(join(TEMPLATE_DIRECTORY, path), 'utf8'), names));
    return target;
  });
  return { name: names.packageName, directory, files: files.sort() };
}

function templateFiles(): string[] {
  return readdirSync(TEMPLATE_DIRECTORY, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TEMPLATE_DIRECTORY.length + 1));
}

function targetOf(path: string, names: BackendNames): string {
  return renamed(RENAMED[path] ?? path, names);
}

function renamed(text: string, { backend, camel, pascal }: BackendNames): string {
  return text
    .replaceAll(TEMPLATE.backend, backend)
    .replaceAll(TEMPLATE.camel, camel)
    .replaceAll(TEMPLATE.pascal, pascal);
}
