import { type Digest, digestBytes } from './digest.ts';
import { isValueUse, knownFileNames } from './expression-position.ts';
import type { Finding } from './finding.ts';
import { sharedText } from './hashed-text.ts';
import { hiddenInputsAt } from './hidden-inputs.ts';
import { InitialiserCollector, type InitialiserFacts } from './initialisers.ts';
import { DEFAULT_FACTORY } from './jsx-names.ts';
import { type FileScope, type ModuleReference, referenceAt, staticReferences } from './module-references.ts';
import { Names } from './names.ts';
import { writeNormalForm } from './normal-form.ts';
import { fileUnits, unparsedUnits } from './slice/file-units.ts';
import type { FileUnits } from './slice/unit.ts';
import { sourceText } from './source-text.ts';
import { nodeAt, nodesAt, type ParsedSource, parseSource, type SyntaxNode } from './syntax-tree.ts';
import { endWalks, walk } from './traversal.ts';

/** All that the text of a file says, wherever the file lies. */
export interface SourceFacts {
  /** Digest of the normal form; of the bytes when the file does not parse. */
  readonly digest: Digest;
  /** In source order, each module once per kind. */
  readonly references: readonly ModuleReference[];
  readonly findings: readonly Finding[];
  readonly initialisers: InitialiserFacts;
  /** Set for a file with JSX: the module named by its `@jsxImportSource` comment, or `''`. */
  readonly jsxImportSource: string | undefined;
  /** Names that comments give for what JSX is compiled to use, such as `h` of `@jsx h`. */
  readonly jsxFactories: readonly string[];
  /** The parts that count by themselves. */
  readonly units: FileUnits;
  /** The text that the offsets of findings refer to. */
  readonly text: string;
}

const MENTIONED_MODULE = /\b(?:from|import|require)\b\s*\(?\s*(['"])((?:(?!\1)[^\n])+)\1/g;

/** Analyses one source file. Pure: the same name and bytes give the same facts. */
export function sourceFacts(file: string, bytes: Uint8Array): SourceFacts {
  const text = sourceText(bytes);
  const parsed = parseSource(file, text);
  return (parsed === undefined ? undefined : parsedFacts(parsed, text)) ?? unparsedFacts(bytes, text);
}

function parsedFacts(parsed: ParsedSource, text: string): SourceFacts | undefined {
  try {
    const { pragmas } = parsed;
    const factories = pragmas.flatMap((pragma) => /^@jsx(?:Frag)?\s+([^\s.]+)/.exec(pragma)?.[1] ?? []);
    const collected = collect(parsed.program, factories);
    const usedPragmas = collected.hasJsx ? pragmas : [];
    sharedText.clear();
    writeNormalForm(parsed, sharedText);
    const importSource = usedPragmas.find((pragma) => pragma.startsWith('@jsxImportSource'))?.split(/\s+/)[1];
    return {
      digest: sharedText.digestBetween([parsed.mode], usedPragmas),
      references: uniqueReferences(collected.references),
      findings: collected.findings,
      initialisers: collected.initialisers,
      jsxImportSource: collected.hasJsx ? (importSource ?? '') : undefined,
      jsxFactories: collected.hasJsx ? factories : [],
      units: fileUnits(parsed, {
        references: collected.references,
        pragmas: usedPragmas,
        hasJsx: collected.hasJsx,
        hasDecorators: collected.hasDecorators,
        namesAreVisible: collected.namesAreVisible,
      }),
      text,
    };
  } catch (error) {
    // A tree nested deeper than the stack: hash the bytes instead.
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    endWalks();
  }
}

interface Collected {
  readonly references: readonly ModuleReference[];
  readonly findings: readonly Finding[];
  readonly initialisers: InitialiserFacts;
  readonly hasJsx: boolean;
  readonly hasDecorators: boolean;
  readonly namesAreVisible: boolean;
}

function collect(program: SyntaxNode, factories: readonly string[]): Collected {
  const names = new Names(program);
  const scope: FileScope = { names, knownFiles: knownFileNames(names.constants, names) };
  const initialisers = new InitialiserCollector(scope);
  const references: ModuleReference[] = [];
  const findings: Finding[] = [];
  const used = new Set<string>();
  let hasJsx = false;
  let hasDecorators = false;
  let namesAreVisible = false;
  walk(program, (node, ancestors) => {
    const { type } = node;
    if (UNREMARKABLE.has(type)) return;
    if (type === 'Identifier' || type === 'JSXIdentifier') {
      if (type === 'JSXIdentifier' || isValueUse(node, ancestors.at(-1))) used.add(String(node.name));
    } else {
      hasJsx ||= type === 'JSXElement' || type === 'JSXFragment';
      hasDecorators ||= type === 'Decorator';
      namesAreVisible ||= type === 'WithStatement' || (type === 'CallExpression' && isDirectEval(node));
    }
    if ((type === 'Identifier' || type === 'MemberExpression') && !names.mayLeadOutside(node)) return;
    const found = referenceAt(node, ancestors, scope);
    if (found !== undefined && 'specifier' in found) references.push(found);
    else if (found !== undefined) findings.push(found);
    for (const finding of hiddenInputsAt(node, ancestors, scope)) findings.push(finding);
    initialisers.visit(node, ancestors);
  });
  if (hasJsx) for (const name of [DEFAULT_FACTORY, ...factories]) used.add(name);
  const eager = staticReferences(nodesAt(program, 'body'), used);
  return {
    references: [...eager, ...references],
    findings,
    initialisers: initialisers.facts(),
    hasJsx,
    hasDecorators,
    namesAreVisible,
  };
}

/** Kinds of which nothing is said here: many nodes are of these. */
const UNREMARKABLE: ReadonlySet<string> = new Set([
  'AssignmentExpression',
  'BinaryExpression',
  'BlockStatement',
  'ExpressionStatement',
  'FunctionDeclaration',
  'IfStatement',
  'Literal',
  'LogicalExpression',
  'ReturnStatement',
  'TemplateElement',
  'TemplateLiteral',
  'VariableDeclaration',
]);

function isDirectEval(node: SyntaxNode): boolean {
  const callee = nodeAt(node, 'callee');
  return callee?.type === 'Identifier' && callee.name === 'eval';
}

/** Keeps the first mention of each module; an eager one wins over a lazy one, a used one over one that may be dropped. */
function uniqueReferences(references: readonly ModuleReference[]): readonly ModuleReference[] {
  const unique = new Map<string, ModuleReference>();
  for (const reference of references) {
    const key = `${reference.kind} ${reference.specifier}`;
    const earlier = unique.get(key);
    if (earlier === undefined) unique.set(key, reference);
    else if (earlier.elidable !== undefined && reference.elidable === undefined) unique.set(key, reference);
  }
  return [...unique.values()];
}

function unparsedFacts(bytes: Uint8Array, text: string): SourceFacts {
  const references = [...text.matchAll(MENTIONED_MODULE)].map(
    (match): ModuleReference => ({
      kind: match[0].startsWith('require') ? 'require' : 'import',
      specifier: match[2] ?? '',
      lazy: true,
      late: true,
      elidable: 'unused',
      offset: match.index,
    }),
  );
  const message =
    'does not parse as JavaScript or TypeScript: its bytes are hashed, and only plain imports are followed';
  const digest = `bytes:${digestBytes(bytes)}`;
  return {
    digest,
    references: uniqueReferences(references),
    findings: [{ kind: 'parse-error', message, offset: 0 }],
    initialisers: { module: { findings: [], calls: [] }, functions: new Map(), aliases: new Map() },
    jsxImportSource: undefined,
    jsxFactories: [],
    units: unparsedUnits(digest, uniqueReferences(references), text.length + 1),
    text,
  };
}
