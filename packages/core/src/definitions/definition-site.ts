import { join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../errors/memo-error.ts';
import { ownRoot } from './own-package.ts';

/** One frame of the call that made a definition, as the runtime loaded it (source maps not applied). */
export interface SiteFrame {
  /** Absolute path of the loaded file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly functionName: string | undefined;
}

/**
 * Where an op, resource or job was defined. Reading it is lazy: a definition costs one captured stack.
 * `frames` name the files that the runtime loaded; `stack` is the default text, in which runners apply source maps.
 */
export interface DefinitionSite {
  /** Frames from the call outwards to the top level of a module, core's own and Node's left out. */
  readonly frames: readonly SiteFrame[];
  /** The default `Error.stack` text, source-mapped where the runner does that. */
  readonly stack: string;
  /** Milliseconds since the epoch at which the definition was made. */
  readonly definedAt: number;
}

const STACK_DEPTH = 50;

/** Captures the caller's position; `below` is the function whose frame and all above it are left out. */
export function captureSite(below: (...args: never[]) => unknown): DefinitionSite {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_DEPTH;
  const mapped: { stack?: string } = {};
  const raw: { stack?: unknown } = {};
  Error.captureStackTrace(mapped, below);
  Error.captureStackTrace(raw, below);
  Error.stackTraceLimit = limit;
  return new CapturedSite(mapped, raw);
}

/** The user's file and line of a definition, source-mapped where possible. */
export function placeOf(site: DefinitionSite | undefined): Place | undefined {
  if (site === undefined) return undefined;
  for (const line of site.stack.split('\n')) {
    const place = parseStackLine(line);
    if (place !== undefined && !isOwnFile(place.file)) return place;
  }
  return site.frames[0];
}

let ownFolders: readonly string[] | undefined;

/** True for the files of this package: users look for their own. */
function isOwnFile(file: string): boolean {
  ownFolders ??= ['src', 'dist'].flatMap((name) =>
    ownRoot() === undefined ? [] : [join(ownRoot() as string, name, sep)],
  );
  return ownFolders.some((folder) => normalize(file).startsWith(folder));
}

class CapturedSite implements DefinitionSite {
  readonly definedAt: number = performance.timeOrigin + performance.now();
  readonly #mapped: { stack?: string };
  #raw: { stack?: unknown } | undefined;
  #frames: readonly SiteFrame[] | undefined;

  constructor(mapped: { stack?: string }, raw: { stack?: unknown }) {
    this.#mapped = mapped;
    this.#raw = raw;
  }

  get stack(): string {
    return this.#mapped.stack ?? '';
  }

  get frames(): readonly SiteFrame[] {
    this.#frames ??= readFrames(this.#raw ?? {});
    this.#raw = undefined;
    return this.#frames;
  }
}

function readFrames(raw: { stack?: unknown }): readonly SiteFrame[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    const sites = raw.stack;
    return Array.isArray(sites) ? (sites as NodeJS.CallSite[]).flatMap(frameOf) : [];
  } finally {
    // Assigning `undefined` back leaves the runner's own handler in charge.
    Error.prepareStackTrace = prepare as typeof Error.prepareStackTrace;
  }
}

function frameOf(site: NodeJS.CallSite): readonly SiteFrame[] {
  const name = site.getFileName() ?? undefined;
  const file = name === undefined ? undefined : loadedPath(name);
  if (file === undefined || isOwnFile(file)) return [];
  const functionName = site.getFunctionName() ?? undefined;
  return [{ file, line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1, functionName }];
}

/** The path of a loaded file, without the query that runners append; `undefined` for what is not a file. */
function loadedPath(name: string): string | undefined {
  if (name.startsWith('file:')) {
    try {
      const url = new URL(name);
      return fileURLToPath(`file://${url.host}${url.pathname}`);
    } catch {
      return undefined;
    }
  }
  return name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name) ? name.replace(/\?.*$/, '') : undefined;
}

/** The place in a line of a stack; `undefined` for Node's own code, and for what was evaluated. */
function parseStackLine(line: string): Place | undefined {
  if (line.includes('eval at ')) return undefined;
  const match = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/.exec(line.trim());
  const [, name, lineText, columnText] = match ?? [];
  const file = name === undefined ? undefined : loadedPath(name);
  return file === undefined ? undefined : { file, line: Number(lineText), column: Number(columnText) };
}
