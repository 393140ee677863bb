import { createRequire } from 'node:module';
import type * as Parser from 'oxc-parser';
import { dependencyVersion } from './dependency-version.ts';

const require = createRequire(import.meta.url);

/** What the native code gives, each part when it is asked for. Its list of imports and exports takes as long as all the rest: nobody asks. */
interface NativeResult extends Pick<Parser.ParseResult, 'comments' | 'errors'> {
  /** As JSON. */
  readonly program: string;
}

interface NativeParser {
  parseSync(file: string, text: string, options: Parser.ParserOptions): NativeResult;
}

let loadedParser: NativeParser | undefined;
let loadedReader: { jsonParseAst(json: string): unknown } | undefined;

/** The parser is native code: it is loaded when the first text is parsed, which may be never. */
function parser(): NativeParser {
  loadedParser ??= require('oxc-parser/src-js/bindings') as NativeParser;
  return loadedParser;
}

function treeFrom(json: string): unknown {
  loadedReader ??= require('oxc-parser/src-js/wrap.js') as NonNullable<typeof loadedReader>;
  return loadedReader.jsonParseAst(json);
}

export function parserVersion(): string {
  return dependencyVersion('oxc-parser');
}

/** A node of the ESTree-shaped syntax tree. Unknown kinds and properties are expected: newer parsers add some. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** A file that was parsed without an error. */
export interface ParsedSource {
  readonly program: SyntaxNode;
  /** What the text was parsed as: the same characters can mean different programs. */
  readonly mode: string;
  /** What comments say about how JSX is compiled. */
  readonly pragmas: readonly string[];
  /** What is wrong with it though its syntax is right, such as a name that is declared twice: it may not be loaded. */
  readonly mistakes: readonly string[];
}

const JSX_PRAGMA = /@jsx(?:Runtime|ImportSource|Frag)?\s+\S+/g;

type SourceType = 'module' | 'commonjs' | 'script';

const FALLBACKS: readonly SourceType[] = ['module', 'commonjs', 'script'];

/**
 * Parses a source file; `undefined` when no reading of it is free of errors. A file without import and export may be a
 * script or a module, so the readings are tried in a fixed order.
 */
export function parseSource(file: string, text: string): ParsedSource | undefined {
  for (const sourceType of [undefined, ...FALLBACKS]) {
    const parsed = tryParse(file, text, sourceType);
    if (parsed !== undefined) return parsed;
  }
  return undefined;
}

function tryParse(file: string, text: string, sourceType: SourceType | undefined): ParsedSource | undefined {
  const { parseSync } = parser();
  const reading = sourceType === undefined ? {} : { sourceType };
  const parse = (showSemanticErrors: boolean): NativeResult =>
    parseSync(file, text, { preserveParens: false, showSemanticErrors, ...reading });
  try {
    const result = parse(true);
    const mistakes = errorMessages(result);
    if (mistakes.length > 0 && errorMessages(parse(false)).length > 0) return undefined;
    const program = treeFrom(result.program);
    if (!isNode(program)) return undefined;
    return {
      program,
      mode: String(program.sourceType),
      pragmas: text.includes('@jsx') ? pragmasIn(result) : [],
      mistakes,
    };
  } catch {
    // The parser refuses what it cannot hold (a tree too deep, a text too long): same answer as a syntax error.
    return undefined;
  }
}

function pragmasIn({ comments }: NativeResult): readonly string[] {
  return comments.flatMap(({ value }) => value.match(JSX_PRAGMA) ?? []);
}

function errorMessages({ errors }: Pick<NativeResult, 'errors'>): readonly string[] {
  return errors.filter(({ severity }) => (severity as string) === 'Error').map(({ message }) => message);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { readonly type?: unknown }).type === 'string';
}

/** The node in a property, if there is one. */
export function nodeAt(node: SyntaxNode, property: string): SyntaxNode | undefined {
  const value = node[property];
  return isNode(value) ? value : undefined;
}

/** The nodes in a list property. Holes are left out. */
export function nodesAt(node: SyntaxNode, property: string): readonly SyntaxNode[] {
  const value = node[property];
  return Array.isArray(value) ? onlyNodes(value) : NO_NODES;
}

const NO_NODES: readonly SyntaxNode[] = [];

/** Most lists hold nothing else: they need not be copied. */
function onlyNodes(list: readonly unknown[]): readonly SyntaxNode[] {
  for (let at = 0; at < list.length; at += 1) if (!isNode(list[at])) return list.filter(isNode);
  return list as readonly SyntaxNode[];
}

/** The text in a property, if it is one. */
export function textAt(node: SyntaxNode, property: string): string | undefined {
  const value = node[property];
  return typeof value === 'string' ? value : undefined;
}

/** Line and column of an offset, both from 1. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
