import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { messageOf } from '@memo/core/plugin';
import type { Invocation } from '../commands/command.ts';
import { usageError } from '../failures/usage-error.ts';

type Fields = { [name: string]: unknown };

/**
 * The config for a job that a command line gives: that of `--config-file`, with the values of `--set`; `undefined` for none.
 *
 * @throws MemoError M1002 for a file that cannot be read, or a `--set` that is not `path=value`.
 */
export async function jobConfig({ flags, directory }: Invocation): Promise<unknown> {
  const file = flags.text('config-file');
  const settings = flags.list('set');
  if (file === undefined && settings.length === 0) return undefined;
  const config = file === undefined ? {} : await readConfigFile(resolve(directory, file), file);
  if (settings.length === 0) return config;
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw usageError(`--set needs ${file} to hold an object.`);
  for (const setting of settings) await setValue(config as Fields, setting);
  return config;
}

async function readConfigFile(path: string, given: string): Promise<unknown> {
  try {
    const text = readFileSync(path, 'utf8');
    if (['.yaml', '.yml'].includes(extname(path))) return (await import('yaml')).parse(text);
    return (await import('json5')).default.parse(text);
  } catch (cause) {
    throw usageError(`--config-file ${given} cannot be read: ${messageOf(cause)}`);
  }
}

async function setValue(config: Fields, setting: string): Promise<void> {
  const equals = setting.indexOf('=');
  const path = setting.slice(0, Math.max(0, equals)).split('.');
  if (equals < 1 || path.includes(''))
    throw usageError(
      `--set takes path=value, not ${JSON.stringify(setting)}.`,
      '--set limits.latest=600 --set \'names=["a"]\'',
    );
  let at = config;
  for (const part of path.slice(0, -1)) {
    const next = Object.hasOwn(at, part) ? at[part] : undefined;
    const fields: Fields = typeof next === 'object' && next !== null ? (next as Fields) : {};
    define(at, part, fields);
    at = fields;
  }
  define(at, path.at(-1) as string, await parseValue(setting.slice(equals + 1)));
}

/** A name of the command line may be `__proto__`. */
function define(fields: Fields, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
}

/** JSON5 where the text is that, else the text itself. */
async function parseValue(text: string): Promise<unknown> {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (!/^["'[{+.\-\d]/.test(text)) return text;
  try {
    return (await import('json5')).default.parse(text);
  } catch {
    return text;
  }
}
