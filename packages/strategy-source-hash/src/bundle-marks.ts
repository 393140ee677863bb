import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { jsonProperty, parseJson } from './json-form.ts';

/** Functions that bundlers write into what they make, and nothing else does. */
const HELPERS =
  /\b(?:__webpack_require__|__webpack_modules__|__turbopack_\w+__|parcelRequire\w*|__rolldown_runtime__)\b|\bvar (?:__toESM|__commonJS|__commonJSMin|__esm|__esmMin) = /;

/** Comments before each module: of esbuild, Bun and Rolldown. */
const MODULE_COMMENT = /^\/\/(?:#region)? ((?:\.{1,2}\/)*[\w@+.-]+(?:\/[\w@+.-]+)*\.[cm]?[jt]sx?)$/gm;

/** Declarations that bundlers renamed because two modules had one name: of Rollup, which leaves nothing else. */
const RENAMED = /^(?:const|let|var|class|(?:async )?function\*?) [A-Za-z_][\w$]*\$\d+\b/m;

const MAP_URL = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/m;

/** A built file, by its name. */
export const BUILT: RegExp = /\.[cm]?js$/;

/** Lines of a text that somebody may read are shorter on average; shorter texts are not looked at. In characters. */
const LONGEST_LINES = 1_000;
const SHORTEST_MINIFIED = 20_000;

/** True for a built file that several sources were moved into: by its source map, else by what bundlers leave in it. */
export function isBundledFile(file: string): boolean {
  if (!BUILT.test(file) || !existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  const sources = sourcesOf(file, text);
  return sources === undefined ? hasMarks(text) : sources > 1;
}

function hasMarks(text: string): boolean {
  if (HELPERS.test(text) || RENAMED.test(text)) return true;
  const modules = new Set([...text.matchAll(MODULE_COMMENT)].map(([, name]) => name));
  return modules.size > 1 || isMinified(text);
}

function isMinified(text: string): boolean {
  return text.length > SHORTEST_MINIFIED && text.length / text.split('\n').length > LONGEST_LINES;
}

/** How many sources of the program itself a source map names; `undefined` without one. */
function sourcesOf(file: string, text: string): number | undefined {
  const sources = jsonProperty(mapOf(file, text), 'sources');
  if (!Array.isArray(sources)) return undefined;
  return sources.filter((source) => typeof source === 'string' && !source.includes('node_modules/')).length;
}

function mapOf(file: string, text: string): unknown {
  const url = MAP_URL.exec(text)?.[1];
  const inline = url === undefined ? undefined : /^data:application\/json;.*?base64,(.*)$/.exec(url)?.[1];
  if (inline !== undefined) return parseJson(Buffer.from(inline, 'base64'))?.value;
  const path = mapPaths(file, text).find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : parseJson(readFileSync(path))?.value;
}

/** Where the source map of a built file may lie. */
export function mapPaths(file: string, text: string): readonly string[] {
  const url = MAP_URL.exec(text)?.[1];
  const named = url === undefined || /^\w+:/.test(url) ? [] : [resolve(dirname(file), url)];
  return [`${file}.map`, ...named];
}
