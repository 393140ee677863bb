import { isBuiltin } from 'node:module';
import { isDecorated } from '../decorated-class.ts';
import type { Digest } from '../digest.ts';
import { sharedText } from '../hashed-text.ts';
import { DEFAULT_FACTORY } from '../jsx-names.ts';
import type { ModuleReference } from '../module-references.ts';
import { literalText } from '../names.ts';
import { writeNamedForm } from '../normal-form.ts';
import { outlinesIn } from '../outline.ts';
import { valuesIn } from '../syntax-children.ts';
import { nodeAt, nodesAt, type ParsedSource, type SyntaxNode, textAt } from '../syntax-tree.ts';
import { nodesOf } from '../traversal.ts';
import { isTypeOnly } from '../type-syntax.ts';
import { callPositions } from './call-positions.ts';
import { effectsOf } from './effects.ts';
import { Flows } from './flows.ts';
import { Holdings } from './holdings.ts';
import { type LoadedModules, loadedModules } from './loaded-modules.ts';
import { type Meanings, resolveNames } from './name-resolution.ts';
import { memberPieces, namesWithMembers } from './object-members.ts';
import { opCallsIn } from './op-calls.ts';
import { isTrap } from './traps.ts';
import type { FileUnits, OpUnit, Ref, Trait, Unit } from './unit.ts';
import { UnitNames } from './unit-names.ts';
import { DEFAULT, type Outline, outlineOf, type Piece } from './unit-split.ts';

/** What of a file other than its tree decides its units. */
export interface FileContext {
  readonly references: readonly ModuleReference[];
  /** Comments that say how JSX is compiled. */
  readonly pragmas: readonly string[];
  readonly hasJsx: boolean;
  readonly hasDecorators: boolean;
  /** True when code that is made from text can name the variables of the file. */
  readonly namesAreVisible: boolean;
}

interface ParsedFile {
  readonly parsed: ParsedSource;
  readonly context: FileContext;
  readonly loaded: LoadedModules;
  readonly outline: Outline;
}

/** Stands for the modules that JSX is compiled to use. */
export const JSX_RUNTIME = '*jsx*';

/** Takes a parsed file apart. Pure: the same text gives the same units. */
export function fileUnits(parsed: ParsedSource, context: FileContext): FileUnits {
  const { program } = parsed;
  const outline = outlineOf(program, context.namesAreVisible);
  const { isWhole, pieces, exports, stars, imports, own } = outline;
  const loaded = loadedModules(program, context.references);
  const declares = (name: string): boolean => own.has(name) || imports.has(name);
  const inside = isWhole ? [] : pieces.flatMap((piece) => memberPieces(piece, declares));
  const meanings = resolveNames(program, { imports, own, withMembers: namesWithMembers(inside) }, loaded);
  const maker = new UnitMaker({ parsed, context, loaded, outline }, meanings);
  const units = pieces.map((piece) => maker.unit(piece));
  const definesOps = !isWhole && [...imports.values()].some(isOfFramework);
  const ops = definesOps ? pieces.flatMap(({ node }) => maker.ops(node)) : [];
  const members = inside.flatMap((piece) => maker.member(piece));
  const calls = isWhole ? [] : callPositions(program);
  return { units, ops, members, exports, stars, imports, calls, isWhole, mistakes: parsed.mistakes };
}

/** The one unit of a file that does not parse. */
export function unparsedUnits(digest: Digest, references: readonly ModuleReference[], end: number): FileUnits {
  const refs = references.map(({ kind, specifier }): Ref => ({ to: 'module', how: kind, from: specifier }));
  const unit: Unit = {
    name: '<module>',
    binds: [],
    own: digest,
    refs,
    start: 0,
    end,
    holds: 'made',
    isAssigned: true,
    executes: true,
    awaits: true,
    isEffect: true,
    dormant: [],
    reads: refs.map((_ref, index) => index),
    writes: refs.map((_ref, ref) => ({ ref, how: 'assign', isCall: false, isDeep: true })),
    passes: [],
    writesParams: true,
    writesGlobals: true,
    hasTraps: true,
    isGlobal: false,
    makers: [],
    traits: ['this', 'makes function'],
  };
  const none = { ops: [], members: [], exports: [], stars: [], imports: new Map(), calls: [], mistakes: [] };
  return { units: [unit], ...none, isWhole: true };
}

class UnitMaker {
  readonly #parsed: ParsedSource;
  readonly #context: FileContext;
  readonly #outline: Outline;
  readonly #meanings: Meanings;
  /** By where the expression starts that loads a module. */
  readonly #loaded: ReadonlyMap<number, Ref>;
  readonly #hasTraps: boolean;
  readonly #flows: Flows;
  readonly #holdings: Holdings;

  constructor({ parsed, context, loaded, outline }: ParsedFile, meanings: Meanings) {
    this.#outline = outline;
    this.#parsed = parsed;
    this.#context = context;
    this.#meanings = meanings;
    this.#flows = new Flows(meanings);
    this.#holdings = new Holdings(meanings, this.#flows);
    this.#hasTraps = nodesOf(parsed.program).some(isTrap);
    this.#loaded = new Map([...loaded].map(([{ start }, ref]) => [start, ref]));
  }

  unit(piece: Piece): Unit {
    const { node, binds, kind } = piece;
    const isModule = kind === 'module';
    const isReassigned = binds.some((name) => this.#meanings.assigned.has(name));
    const code = this.#code(isModule ? nodesAt(node, 'body').filter((statement) => !isTypeOnly(statement)) : [node], [
      kind === 'const' && !isReassigned ? 'let' : kind,
    ]);
    return {
      name: isModule ? '<module>' : publicName(binds[0] ?? '<effect>'),
      binds,
      ...code,
      traits: [...code.traits, ...traitsOf(node), ...(this.#isNewBuiltin(node) ? (['new builtin'] as const) : [])],
      start: isModule ? 0 : node.start,
      end: isModule ? Number.MAX_SAFE_INTEGER : node.end,
      holds: isModule ? 'made' : this.#holdings.of(node),
      isAssigned: isModule || kind === 'var' || isReassigned,
      isEffect: isModule || kind === '' || kind.includes('using'),
      ...(kind === 'await using' && { awaits: true, executes: true }),
      isGlobal:
        code.traits.includes('gives global') ||
        (node.type === 'VariableDeclarator' && this.#flows.namesGlobal(nodeAt(node, 'init'))),
    };
  }

  ops(node: SyntaxNode): readonly OpUnit[] {
    return opCallsIn(node, this.#meanings).map(({ call, parts }) => ({
      name: definedName(call).definedName ?? 'op',
      binds: [],
      ...this.#code(parts.map(asRun), ['op']),
      start: parts[0]?.start ?? call.start,
      end: parts.at(-1)?.end ?? call.end,
      holds: 'framework',
      isAssigned: false,
      isEffect: false,
      isGlobal: false,
      callStart: call.start,
      callEnd: call.end,
      ...definedName(call),
      outlines: outlinesIn(parts),
    }));
  }

  /** None where its code runs as the object is made, or gets at others by `this`. */
  member({ node, binds, kind }: Piece): readonly Unit[] {
    const code = this.#code([node], [kind]);
    if (code.executes || code.awaits || code.traits.includes('this')) return [];
    const holds = this.#holdings.ofValue(nodeAt(node, 'value') ?? nodeAt(node, 'initializer') ?? node);
    const { start, end } = node;
    const name = publicName(binds[0] ?? '');
    return [{ name, binds, ...code, start, end, holds, isAssigned: false, isEffect: false, isGlobal: false }];
  }

  #code(nodes: readonly SyntaxNode[], marks: readonly string[]): UnitCode {
    const hasJsx = this.#context.hasJsx && nodes.some(holdsJsx);
    const names = new UnitNames(
      this.#meanings,
      this.#context.namesAreVisible,
      (name) => hasJsx && this.#mayBeFactory(name),
    );
    sharedText.clear();
    const keepTypes = this.#context.hasDecorators && nodes.some(hasDecorators);
    writeNamedForm(nodes, sharedText, { names, keepTypes });
    const { executes, awaits, reads, writes, passes, writesParams, writesGlobals, makers, traits, live } = effectsOf(
      nodes,
      this.#meanings,
      (ref) => names.indexOf(ref),
    );
    const dormant = names.refs.flatMap((_ref, index) => (live.has(index) ? [] : [index]));
    for (const { kind, specifier, offset, lazy } of this.#context.references) {
      const isInside = lazy && nodes.some((node) => node.start <= offset && offset < node.end);
      if (isInside) names.indexOf(this.#loaded.get(offset) ?? { to: 'module', how: kind, from: specifier });
    }
    if (hasJsx) names.indexOf({ to: 'module', how: 'import', from: JSX_RUNTIME });
    if (this.#context.namesAreVisible) this.#addImports(names);
    const hasTraps = this.#hasTraps && nodes.some((node) => some(node, isTrap));
    const pragmas = hasJsx ? this.#context.pragmas : [];
    const own = sharedText.digestBetween([this.#parsed.mode, ...marks], pragmas);
    return {
      own,
      refs: names.refs,
      ...(names.picks.length > 0 && { picks: names.picks }),
      executes,
      awaits,
      reads,
      writes,
      passes,
      writesParams,
      writesGlobals,
      makers,
      traits,
      dormant,
      hasTraps,
    };
  }

  /** Code that is made from text may use any import. */
  #addImports(names: UnitNames): void {
    for (const statement of nodesAt(this.#parsed.program, 'body')) {
      const source = nodeAt(statement, 'source');
      const from = source === undefined ? undefined : textAt(source, 'value');
      if (from !== undefined) names.indexOf({ to: 'import', from, name: '*' });
    }
  }

  #isNewBuiltin(node: SyntaxNode): boolean {
    const init = node.type === 'VariableDeclarator' ? nodeAt(node, 'init') : undefined;
    const callee = init?.type === 'NewExpression' ? nodeAt(init, 'callee') : undefined;
    const meaning = callee === undefined ? undefined : this.#meanings.of.get(callee);
    return meaning !== undefined && 'ref' in meaning && meaning.ref.to === 'import' && isBuiltin(meaning.ref.from);
  }

  /** JSX may be compiled to use anything that the file can name. */
  #mayBeFactory(name: string): boolean {
    const { isWhole, imports, own } = this.#outline;
    return isWhole || imports.has(name) || own.has(name) || name === DEFAULT_FACTORY;
  }
}

/** The name by which others know what a file declares. */
function publicName(bind: string): string {
  return bind.replace(DEFAULT, 'default');
}

/** True for an import without which a file defines no ops. */
function isOfFramework(ref: Ref): boolean {
  return ref.to === 'import' && ref.from === '@memo/core';
}

type UnitCode = Pick<
  Unit,
  | 'own'
  | 'refs'
  | 'picks'
  | 'executes'
  | 'awaits'
  | 'reads'
  | 'writes'
  | 'passes'
  | 'writesParams'
  | 'writesGlobals'
  | 'makers'
  | 'traits'
  | 'dormant'
  | 'hasTraps'
>;

/** What a declaration is, as far as that says more than what it holds. */
function traitsOf(node: SyntaxNode): readonly Trait[] {
  if (node.type === 'FunctionDeclaration') return ['hoisted'];
  if (node.type !== 'ClassDeclaration' || nodesAt(node, 'decorators').length > 0) return [];
  const members = nodesAt(nodeAt(node, 'body') ?? node, 'body');
  const isPlain = members.every(({ type, static: isStatic }) => type !== 'StaticBlock' && isStatic !== true);
  return isPlain ? ['plain class'] : [];
}

/** `op(name, run)` is `op(name, { run })`. */
function asRun(part: SyntaxNode): SyntaxNode {
  const isRun =
    part.type === 'Property' && part.method !== true && textAt(nodeAt(part, 'key') ?? part, 'name') === 'run';
  return (isRun ? nodeAt(part, 'value') : undefined) ?? part;
}

function definedName(call: SyntaxNode): { readonly definedName?: string } {
  const text = literalText(nodesAt(call, 'arguments')[0]);
  return text === undefined ? {} : { definedName: text };
}

function hasDecorators(node: SyntaxNode): boolean {
  return some(node, (inner) => inner.type.startsWith('Class') && isDecorated(inner));
}

function holdsJsx(node: SyntaxNode): boolean {
  return some(node, (inner) => inner.type === 'JSXElement' || inner.type === 'JSXFragment');
}

/** True when it holds for a node, or for one in it that is no part of a type. */
function some(node: SyntaxNode, is: (node: SyntaxNode) => boolean): boolean {
  return is(node) || (!isTypeOnly(node) && valuesIn(node).some((child) => some(child, is)));
}
