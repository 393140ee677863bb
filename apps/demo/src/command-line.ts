import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Command {
  help: boolean;
  clean: boolean;
  store: StoreChoice;
  palette: 'ember' | 'ocean';
  versions: 'source' | 'git';
  /** The job's config, before its defaults. */
  config: Record<string, unknown>;
}

/** Where results are kept. */
export type StoreChoice = 'fs' | 'memory' | { readonly bucket: string; readonly prefix: string };

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `npm run demo -- [options]

Reads three million flights, trains models on them, and writes a report.
Run it twice: what has not changed is not computed again.

  --sample <n>         read only n flights, evenly spread over time
  --set <path>=<json>  change the config: --set lateAfter=30, --set split.ratio=0.7,
                       --set 'models=[{"name":"one","trees":9,"depth":2,"learningRate":0.3}]'
  --palette <name>     colours of the charts: ember or ocean
  --versions <kind>    what code is known by: source (default), or its files in git
  --store <kind>       where results are kept: fs (default), memory, or s3://bucket/prefix with
                       endpoint and credentials from the AWS environment
  --clean              remove the results and the report, and stop
  --help               show this, and stop
`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h', default: false },
  clean: { type: 'boolean', default: false },
  store: { type: 'string', default: 'fs' },
  palette: { type: 'string', default: 'ember' },
  versions: { type: 'string', default: 'source' },
  sample: { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** @throws UsageError for a flag, a path or a value that makes no sense. */
export function readCommandLine(args: readonly string[]): Command {
  const { help, clean, store, palette, versions, sample, set } = parse(args);
  if (palette !== 'ember' && palette !== 'ocean')
    throw new UsageError(`--palette is ember or ocean, not ${quote(palette)}`);
  if (versions !== 'source' && versions !== 'git')
    throw new UsageError(`--versions is source or git, not ${quote(versions)}`);
  const config: Record<string, unknown> = {};
  if (sample !== undefined) config.sample = readSample(sample);
  for (const assignment of set) assign(config, assignment);
  return { help, clean, store: readStore(store), palette, versions, config };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    const [problem = ''] = String((error as Error).message).split('. ');
    throw new UsageError(problem, { cause: error });
  }
}

function readStore(text: string): StoreChoice {
  if (text === 'fs' || text === 'memory') return text;
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9.-]+)(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw new UsageError(`--store is fs, memory or s3://bucket/prefix, not ${quote(text)}`);
  return { bucket, prefix };
}

function readSample(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--sample takes a whole number of flights, not ${quote(text)}`);
}

const NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** Puts the value of `a.b=value` into `config.a.b`. */
function assign(config: Record<string, unknown>, assignment: string): void {
  const at = assignment.indexOf('=');
  const names = assignment.slice(0, Math.max(0, at)).split('.');
  if (at < 1 || !names.every((name) => NAME.test(name))) {
    throw new UsageError(`--set takes path=value, as lateAfter=30 or split.ratio=0.7, not ${quote(assignment)}`);
  }
  const last = names.pop() ?? '';
  let target = config;
  for (const name of names) target = nested(target, name);
  target[last] = readJson(assignment.slice(at + 1), assignment);
}

function nested(target: Record<string, unknown>, name: string): Record<string, unknown> {
  const found = Object.hasOwn(target, name) ? target[name] : undefined;
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  target[name] = made;
  return made;
}

function readJson(text: string, assignment: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`the value in --set ${quote(assignment)} is not JSON; strings need double quotes`);
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
