import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DefinitionSite, MemoError, type SiteFrame } from '@memo/core/plugin';
import { installedPackageOf } from './package-json.ts';

/** The files whose code made a definition. */
export interface DefinitionFiles {
  /** The file of the call itself first, then those of its callers up to the top level of a module; each once. */
  readonly files: readonly string[];
  /** The calls, innermost first, with the places that they may have in the text of their files. */
  readonly frames: readonly DefinitionFrame[];
  /** Set when the outermost caller that is known is itself called by someone unknown. */
  readonly unknownCallerOf: SiteFrame | undefined;
}

/** One call on the way to a definition. */
export interface DefinitionFrame {
  /** Real path of the loaded file. */
  readonly file: string;
  /** Where the call stands by what a runner says, then by what the runtime says, who may mean other texts. */
  readonly positions: readonly { readonly line: number; readonly column: number }[];
  readonly isNamed: boolean;
}

/** Programs that load other people's modules: a frame of theirs means that the module's own frames end here. */
const LOADERS =
  /^(?:vitest|@vitest\/.*|vite|vite-node|jiti|tsx|ts-node|@swc-node\/.*|esbuild-register|@babel\/register|jest(?:-.*)?|@jest\/.*|mocha)$/;

/** As many frames as core keeps: a stack that long may have been cut. */
const FULL_STACK = 50;

/**
 * The files that made an op or resource: all frames of the call up to the top level of a module count, because what a
 * factory captures is decided by its callers. They are the files that the runtime loaded (built files, not the sources that a
 * source map names), so their content is the code in memory.
 *
 * @throws MemoError M4009 when the definition was not made by code in files.
 */
export function definitionFiles(site: DefinitionSite, name: string): DefinitionFiles {
  const known = filesOfSites.get(site) ?? findDefinitionFiles(site, name);
  filesOfSites.set(site, known);
  return known;
}

/** What a process loaded stays where it was made. */
const filesOfSites = new WeakMap<DefinitionSite, DefinitionFiles>();

function findDefinitionFiles(site: DefinitionSite, name: string): DefinitionFiles {
  const lines = site.stack.split('\n').filter((line) => /^\s*at /.test(line));
  const innermost = lines.find((line) => !isBuiltinLine(line));
  if (innermost !== undefined && isGeneratedCode(innermost))
    throw unknownSite(name, 'it is defined by code that was made from text');
  const frames = ownFrames(site.frames.slice(0, moduleFrameCount(lines, site.frames.length)));
  const [first] = frames;
  if (first === undefined) throw unknownSite(name, 'no file is known for the call that defines it');
  const files = new Set(frames.map((frame) => realFile(frame.file, name)));
  const last = frames.at(-1) ?? first;
  const isCut = frames.length >= FULL_STACK;
  const mapped = mappedPositions(frames, lines);
  const placed = frames.map((frame, index) => ({
    file: realFile(frame.file, name),
    positions: positionsOf(frames, mapped, evaluatesClassOf(frame, frames[index - 1]) ? index - 1 : index),
    isNamed: isNamed(frame),
  }));
  return { files: [...files], frames: placed, unknownCallerOf: isCut || isNamed(last) ? last : undefined };
}

type Position = DefinitionFrame['positions'][number];

function positionsOf(
  frames: readonly SiteFrame[],
  mapped: readonly (readonly Position[])[],
  index: number,
): readonly Position[] {
  const own = frames[index];
  return [...(mapped[index] ?? []), ...(own === undefined ? [] : [{ line: own.line, column: own.column }])];
}

/** What evaluates a class, or makes an instance, has no place that can be told: it is around the field whose value is asked for. */
function evaluatesClassOf(frame: SiteFrame, inner: SiteFrame | undefined): boolean {
  return inner?.file === frame.file && /<(?:static|instance_members)_initializer>$/.test(inner.functionName ?? '');
}

/** The frames before Node's module loader, which separates a module from the one that loads it. */
function moduleFrameCount(lines: readonly string[], all: number): number {
  let count = 0;
  for (const line of lines) {
    if (line.includes('node:internal/modules/')) return count;
    if (!isBuiltinLine(line) && !isGeneratedCode(line) && !line.includes('node:')) count += 1;
  }
  return lines.length === 0 ? all : count;
}

function ownFrames(frames: readonly SiteFrame[]): readonly SiteFrame[] {
  const loader = frames.findIndex((frame, index) => index > 0 && LOADERS.test(packageNameOf(frame.file) ?? ''));
  const own = loader === -1 ? frames : frames.slice(0, loader);
  // Installed packages around the outermost module of the project run it; they are no part of what it defines.
  const lastOwn = own.findLastIndex((frame, index) => index === 0 || installedPackageOf(frame.file) === undefined);
  return own.slice(0, lastOwn + 1);
}

/** What the lines of the stack say of frames, as far as they name the same files. */
function mappedPositions(frames: readonly SiteFrame[], lines: readonly string[]): readonly (readonly Position[])[] {
  const places = lines.map(placeInLine);
  let next = 0;
  return frames.map(({ file }) => {
    const at = places.findIndex((place, index) => index >= next && place?.file === file);
    const place = places[at];
    if (place === undefined) return [];
    next = at + 1;
    return [{ line: place.line, column: place.column }];
  });
}

function placeInLine(text: string): (Position & { readonly file: string }) | undefined {
  const match = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?)(?:[?#][^:]*)?:(\d+):(\d+)\)?$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, path = '', line, column] = match;
  try {
    const file = path.startsWith('file:') ? fileURLToPath(path) : path;
    return { file, line: Number(line), column: Number(column) };
  } catch {
    return undefined;
  }
}

/** `at Array.map (<anonymous>)`: a function of the language, which is no file. */
function isBuiltinLine(line: string): boolean {
  return /\(<anonymous>\)$|\(native\)$|\(index \d+\)$/.test(line);
}

function isGeneratedCode(line: string): boolean {
  return /\beval at |<anonymous>:\d+:\d+|evalmachine\.|\bdata:|\[eval\]|\[stdin\]|\bREPL\d+:/.test(line);
}

function isNamed(frame: SiteFrame): boolean {
  const name = frame.functionName ?? '';
  return name !== '' && !/^(?:Object|Module)\.<anonymous>$|^<anonymous>$|^eval$|^__/.test(name);
}

function packageNameOf(file: string): string | undefined {
  const directory = installedPackageOf(file);
  if (directory === undefined) return undefined;
  const scope = basename(dirname(directory));
  return scope.startsWith('@') ? `${scope}/${basename(directory)}` : basename(directory);
}

/** Real paths of loaded files. What a process loaded stays loaded from there. */
const realFiles = new Map<string, string>();

function realFile(file: string, name: string): string {
  const known = realFiles.get(file);
  if (known !== undefined) return known;
  try {
    const real = realpathSync.native(file);
    realFiles.set(file, real);
    return real;
  } catch (cause) {
    throw unknownSite(name, `the file that defines it, ${file}, is not there`, cause);
  }
}

function unknownSite(name: string, because: string, cause?: unknown): MemoError {
  return new MemoError('M4009', `Cannot tell which code ${name} runs`, {
    because,
    fix: `define it in a file that the process imports, or declare a version on it: version: '1'`,
    details: { name },
    ...(cause === undefined ? {} : { cause }),
  });
}
