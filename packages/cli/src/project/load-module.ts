import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectDirectory } from '@memo/core/plugin';

/** What Node says, before any code ran, of a module that it cannot load by itself. */
const NOT_NATIVE = ['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX', 'ERR_MODULE_NOT_FOUND'];

/**
 * Loads a module of the user, TypeScript or JavaScript: by Node itself where it can, else by jiti, which leaves installed
 * packages to Node, so that the module and memo meet in one instance of `@memo/core`.
 */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    if (!NOT_NATIVE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(file).href, {
    interopDefault: false,
    moduleCache: true,
    fsCache: compiledDirectory(dirname(file)),
    tsconfigPaths: existsSync(join(projectDirectory(dirname(file)), 'tsconfig.json')),
  });
  return jiti.import<Record<string, unknown>>(file);
}

/** Where compiled code is kept: beside the installed packages, for nobody else to write to; nowhere else. */
function compiledDirectory(from: string): string | false {
  const installed = join(projectDirectory(from), 'node_modules');
  return existsSync(installed) ? join(installed, '.cache', 'memo-jiti') : false;
}
