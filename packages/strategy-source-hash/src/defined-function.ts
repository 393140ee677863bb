import type { AnyFunction } from '@memo/core/plugin';
import { Analysis, isParsed } from './analysis.ts';
import { type Digest, digestText } from './digest.ts';
import type { GraphNode } from './graph-node.ts';
import { normalFormOf } from './normal-form.ts';
import { outlineOf, outlinesIn } from './outline.ts';
import { isDigest, isListOf } from './stored-facts.ts';
import { nodeAt, nodesAt, parseSource, type SyntaxNode } from './syntax-tree.ts';
import { isFunction } from './traversal.ts';

/** A function in memory, compared with the files that should hold it: with what defines it in place first. */
export type FunctionCheck =
  | { readonly found: true; readonly isInPlace: boolean }
  /** Its own code then counts beside the files: `digest` stands for it. */
  | { readonly found: false; readonly digest: Digest };

/** What `toString` gives of a function in memory. */
interface LoadedFunction {
  readonly text: string;
  /** Digest of the outline; `undefined` when there is none. */
  readonly outline: Digest | undefined;
}

const loadedFunctions = new WeakMap<AnyFunction, LoadedFunction>();

/**
 * Looks for a function in source files. A runner may have rewritten imports, dropped types and wrapped functions, so outlines
 * are compared: literals, operators and control flow, no names. A function that a definition gets from another file is found
 * there too, because whatever a definition can name is imported by its files, directly or not.
 */
export function checkFunction(
  run: AnyFunction,
  places: FunctionPlaces,
  analysis: Analysis = new Analysis(),
): FunctionCheck {
  const { text, outline } = loadedFunction(run, analysis);
  if (outline === undefined) return { found: false, digest: digestText(text) };
  // Nearest files first: nodes come in the order in which the definition reaches them.
  const isInPlace = places.outlines?.includes(outline) === true;
  const isFound = isInPlace || places.nodes.some((node) => outlinesOf(node, analysis).has(outline));
  return isFound ? { found: true, isInPlace } : { found: false, digest: formOf(text, analysis) };
}

/** Where a function may stand. */
export interface FunctionPlaces {
  /** Files, of which any part may hold it. */
  readonly nodes: readonly GraphNode[];
  /** The outlines of functions that are known already. */
  readonly outlines?: readonly Digest[];
}

function loadedFunction(run: AnyFunction, analysis: Analysis): LoadedFunction {
  const known = loadedFunctions.get(run);
  if (known !== undefined) return known;
  const text = Function.prototype.toString.call(run);
  const outline = analysis.answer<Digest | undefined>({
    key: `outline of function ${digestText(text)}`,
    ask: () => digestOf(text, outlineOf),
    store: (found) => found,
    restore: (stored) => (isDigest(stored) ? stored : undefined),
  });
  const loaded = { text, outline };
  loadedFunctions.set(run, loaded);
  return loaded;
}

/** Few functions are found nowhere: only of these the form is written. */
function formOf(text: string, analysis: Analysis): Digest {
  return analysis.answer<Digest>({
    key: `form of function ${digestText(text)}`,
    ask: () => digestOf(text, normalFormOf) ?? digestText(text),
    store: (found) => found,
    restore: (stored) => (isDigest(stored) ? stored : undefined),
  });
}

function digestOf(text: string, written: (node: SyntaxNode) => string): Digest | undefined {
  const node = parseFunction(text);
  return node === undefined ? undefined : digestText(written(node));
}

/** Parses what `toString` gives: a function, an arrow, a class, or a method in its short form. */
function parseFunction(text: string): SyntaxNode | undefined {
  for (const wrapped of [`(${text})`, `({${text}})`]) {
    const parsed = parseSource('function.js', wrapped);
    const statement = parsed === undefined ? undefined : nodesAt(parsed.program, 'body')[0];
    const found = statement === undefined ? undefined : functionIn(nodeAt(statement, 'expression'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function functionIn(expression: SyntaxNode | undefined): SyntaxNode | undefined {
  if (expression === undefined || isFunction(expression)) return expression;
  const [property] = nodesAt(expression, 'properties');
  const value = property === undefined ? undefined : nodeAt(property, 'value');
  return value !== undefined && isFunction(value) ? value : undefined;
}

/** Digests of the outlines of the functions of a file. */
function outlinesOf({ path, facts }: GraphNode, analysis: Analysis): ReadonlySet<Digest> {
  if (facts === undefined || !isParsed(facts)) return new Set();
  return analysis.answer<ReadonlySet<Digest>>({
    key: `outlines ${facts.digest}`,
    ask: () => readOutlines(path, facts.text),
    store: (found) => [...found],
    restore: (stored) => (isListOf(stored, isDigest) ? new Set(stored) : undefined),
  });
}

function readOutlines(path: string, text: string): ReadonlySet<Digest> {
  const parsed = parseSource(path, text);
  return new Set(parsed === undefined ? [] : outlinesIn([parsed.program]));
}
