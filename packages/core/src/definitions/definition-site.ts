import type { Place } from '../errors/memo-error.ts';
import { isOwnFile, isPlainText, loadedPath, type ReadCalls, readCalls, type SiteFrame } from './call-sites.ts';

export type { SiteFrame } from './call-sites.ts';

/**
 * Where an op, resource or job was defined. Reading it is lazy: a definition costs one captured stack.
 * `frames` name the files that the runtime loaded; `stack` is the default text, in which runners apply source maps.
 */
export interface DefinitionSite {
  /** Frames from the call outwards to the top level of a module, core's own and Node's left out. */
  readonly frames: readonly SiteFrame[];
  /** The default `Error.stack` text, source-mapped where the runner does that. */
  readonly stack: string;
  /**
   * Stands for `frames` and `stack`: another text when one of them says something else. It is to be compared, not to be read, and costs a fraction
   * of `stack` where no runner maps sources. Absent on sites that core did not make.
   */
  readonly calls?: string;
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

class CapturedSite implements DefinitionSite {
  readonly definedAt: number = performance.timeOrigin + performance.now();
  readonly #mapped: { stack?: string };
  #raw: { stack?: unknown } | undefined;
  #read: ReadCalls | undefined;

  constructor(mapped: { stack?: string }, raw: { stack?: unknown }) {
    this.#mapped = mapped;
    this.#raw = raw;
  }

  get stack(): string {
    return this.#mapped.stack ?? '';
  }

  get frames(): readonly SiteFrame[] {
    return this.#calls().frames;
  }

  get calls(): string {
    const { text } = this.#calls();
    return isPlainText() ? text : `${text}${this.stack}`;
  }

  #calls(): ReadCalls {
    this.#read ??= readCalls(this.#raw ?? {});
    this.#raw = undefined;
    return this.#read;
  }
}

/** The place in a line of a stack; `undefined` for Node's own code, and for what was evaluated. */
function parseStackLine(line: string): Place | undefined {
  if (line.includes('eval at ')) return undefined;
  const match = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/.exec(line.trim());
  const [, name, lineText, columnText] = match ?? [];
  const file = name === undefined ? undefined : loadedPath(name);
  return file === undefined ? undefined : { file, line: Number(lineText), column: Number(columnText) };
}
