import { join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownRoot } from './own-package.ts';

/** One frame of the call that made a definition, as the runtime loaded it (source maps not applied). */
export interface SiteFrame {
  /** Absolute path of the loaded file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly functionName: string | undefined;
}

/** The calls of a stack as the runtime made them. */
export interface ReadCalls {
  readonly frames: readonly SiteFrame[];
  /** Stands for all calls, those that are no frames too. */
  readonly text: string;
}

/** Reads a captured stack whose text nobody has asked for. */
export function readCalls(raw: { stack?: unknown }): ReadCalls {
  const sites = sitesOf(raw);
  const frames: SiteFrame[] = [];
  let text = '';
  for (const site of sites) {
    const name = site.getFileName() ?? '';
    const file = userFile(name);
    const frame = file === undefined ? undefined : frameOf(site, file);
    if (frame !== undefined) frames.push(frame);
    const call = callText(site, name, frame);
    text += `${call.length}:${call}`;
  }
  return { frames, text };
}

function sitesOf(raw: { stack?: unknown }): readonly NodeJS.CallSite[] {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    const sites = raw.stack;
    return Array.isArray(sites) ? sites : [];
  } finally {
    // Assigning `undefined` back leaves the runner's own handler in charge.
    Error.prepareStackTrace = prepare as typeof Error.prepareStackTrace;
  }
}

function frameOf(site: NodeJS.CallSite, file: string): SiteFrame {
  const functionName = site.getFunctionName() ?? undefined;
  return { file, line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1, functionName };
}

/** One that is told from every other. Of Node's own calls only the module counts; what is generated or native is written in full. */
function callText(site: NodeJS.CallSite, name: string, frame: SiteFrame | undefined): string {
  // The name that a comment gives to a script is in the text of a stack, and not that of its file.
  const isPlain = !site.isEval() && !site.isNative() && site.getScriptNameOrSourceURL() === name;
  if (isPlain && frame !== undefined)
    return `file ${frame.line}:${frame.column}:${name.length}:${name}${frame.functionName ?? ''}`;
  return isPlain && name.startsWith('node:') ? name : `other ${frame === undefined ? '' : name} ${String(site)}`;
}

/** Loaded paths by the names of scripts; `undefined` for what is no file of a user. */
const userFiles = new Map<string, string | undefined>();

function userFile(name: string): string | undefined {
  if (userFiles.has(name)) return userFiles.get(name);
  const file = loadedPath(name);
  const found = file === undefined || isOwnFile(file) ? undefined : file;
  userFiles.set(name, found);
  return found;
}

let ownFolders: readonly string[] | undefined;

/** True for the files of this package: users look for their own. */
export function isOwnFile(file: string): boolean {
  ownFolders ??= ['src', 'dist'].flatMap((name) =>
    ownRoot() === undefined ? [] : [join(ownRoot() as string, name, sep)],
  );
  return ownFolders.some((folder) => normalize(file).startsWith(folder));
}

/** The path of a loaded file, without the query that runners append; `undefined` for what is not a file. */
export function loadedPath(name: string): string | undefined {
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

/** True when the text of a stack says nothing that its calls do not: no runner has put its own in place. */
export function isPlainText(): boolean {
  if (process.sourceMapsEnabled !== false) return false;
  const prepare: unknown = Error.prepareStackTrace;
  if (prepare === undefined) return true;
  if (prepare !== lastPrepare) [lastPrepare, isLastNodes] = [prepare, isOfNode(prepare)];
  return isLastNodes;
}

let lastPrepare: unknown;
let isLastNodes = false;

/** Newer releases of Node have their own way of writing a stack where a runner would put its own. */
function isOfNode(prepare: unknown): boolean {
  return typeof prepare === 'function' && NODES_OWN.test(Function.prototype.toString.call(prepare));
}

const NODES_OWN =
  /^function ErrorPrepareStackTrace\(error, trace\) \{\s*return (?:internal|default)PrepareStackTrace\((?:globalThis, )?error, trace\);\s*\}$/;
