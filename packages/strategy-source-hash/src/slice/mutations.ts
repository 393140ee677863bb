import type { GraphNode } from '../graph-node.ts';
import type { Evaluation } from './evaluation.ts';
import { isStatelessBuiltin } from './known-calls.ts';
import type { LeafPart, Linker, Part, Target, UnitPart } from './linker.ts';
import { spellingOf } from './spelling.ts';
import type { How, Pass, Write } from './unit.ts';

/** What changes of a part's content are counted for: all parts of one package or file are one. */
type Changeable = Part | string;

/**
 * What the code of a program may change as its modules are loaded: found by following values by name, blind to the order of
 * statements, through calls of any depth.
 */
export class Mutations {
  readonly #linker: Linker;
  readonly #isPure: (part: Part) => boolean;
  readonly #units: readonly UnitPart[];
  /** Part → the parts that refer to it. */
  readonly #referrers = new Map<Part, Set<Part>>();
  /** Content → the units whose code changes it. */
  readonly #writers = new Map<Changeable, Set<UnitPart>>();
  readonly #writesParams: ReadonlySet<Part>;
  readonly #foreign = new Map<UnitPart, boolean>();
  readonly #mutators = new Map<Changeable, readonly UnitPart[]>();
  readonly #globalUnits = new Map<GraphNode, readonly UnitPart[]>();
  readonly #effects = new Map<Evaluation, readonly GraphNode[]>();
  readonly #globalWriters = new Set<UnitPart>();
  readonly #globalEffects: ReadonlySet<Part>;
  readonly #trapped: ReadonlySet<Part>;

  /** What `isPure` holds for is declared to change nothing, and calls of it are. */
  constructor(files: Iterable<GraphNode>, linker: Linker, isPure: (part: Part) => boolean = () => false) {
    this.#linker = linker;
    this.#isPure = isPure;
    this.#units = [...files].flatMap((file) => linker.unitsOf(file));
    for (const part of this.#units) this.#refer(part);
    this.#writesParams = this.#reaching(this.#units.filter((part) => part.unit.writesParams && !isPure(part)));
    for (const part of this.#units) this.#collect(part);
    this.#trapped = this.#holding(this.#units.filter(({ unit }) => unit.hasTraps));
    for (const part of this.#holding(this.#units.filter((one) => this.#changesItself(one))))
      if (part.kind === 'unit' && isChangeable(part) && !isPlainClass(part)) this.#add(part, part);
    this.#globalEffects = this.#reaching([...this.#globalWriters]);
  }

  /** The units that may change what a part holds, as the program is loaded. */
  of(part: Part): readonly UnitPart[] {
    const content = contentOf(part);
    const known = this.#mutators.get(content) ?? this.#find(part, content);
    this.#mutators.set(content, known);
    return known;
  }

  /** The units of a file whose evaluation may change what all code can see. */
  globalIn(file: GraphNode): readonly UnitPart[] {
    const known = this.#globalUnits.get(file) ?? this.#linker.unitsOf(file).filter((part) => this.isGlobal(part));
    this.#globalUnits.set(file, known);
    return known;
  }

  /** The files of an evaluation with such units, and with imports for their effects alone. */
  filesWithEffects(evaluation: Evaluation): readonly GraphNode[] {
    const known =
      this.#effects.get(evaluation) ??
      evaluation.files.filter((file) => file.bare.length > 0 || this.globalIn(file).length > 0);
    this.#effects.set(evaluation, known);
    return known;
  }

  /** True for a unit whose evaluation may change what all code can see. */
  isGlobal(part: UnitPart): boolean {
    return this.#globalEffects.has(part) && this.runs(part);
  }

  /** True for a unit whose evaluation runs code: reading a value does where that has a getter, for example. */
  runs(part: UnitPart): boolean {
    if (runsAtLoad(part)) return true;
    const edges = part.unit.reads.length === 0 ? [] : this.#linker.edges(part);
    return part.unit.reads.some((index) => (edges[index] ?? []).some((target) => this.#trapped.has(target.part)));
  }

  #refer(part: Part): void {
    const dormant = new Set(part.kind === 'unit' ? part.unit.dormant : []);
    for (const [index, targets] of this.#linker.edges(part).entries()) {
      if (dormant.has(index)) continue;
      for (const { part: target } of targets) {
        if (target.kind === 'leaf') continue;
        const known = this.#referrers.get(target);
        if (known !== undefined) known.add(part);
        else {
          this.#referrers.set(target, new Set([part]));
          if (target.kind === 'namespace') this.#refer(target);
        }
      }
    }
  }

  /** Everything from which some parts can be reached, memo's own definitions left out: naming an op runs nothing. */
  #reaching(parts: readonly Part[]): ReadonlySet<Part> {
    const found = new Set<Part>(parts);
    for (const part of found) {
      if (part.kind === 'unit' && part.unit.holds === 'framework') continue;
      for (const referrer of this.#referrers.get(part) ?? []) if (!this.#isPure(referrer)) found.add(referrer);
    }
    return found;
  }

  /** The same, with all that one of these changes: it may put there what it reaches, a getter for example. */
  #holding(parts: readonly Part[]): ReadonlySet<Part> {
    let found = this.#reaching(parts);
    for (let before = 0; before !== found.size; ) {
      before = found.size;
      const changed = [...this.#writers].flatMap(([content, writers]) =>
        typeof content !== 'string' && [...writers].some((writer) => found.has(writer)) ? [content] : [],
      );
      found = this.#reaching([...found, ...changed]);
    }
    return found;
  }

  #find(part: Part, content: Changeable): readonly UnitPart[] {
    const writers = this.#writers.get(content);
    if (writers === undefined) return [];
    const reaching = [...this.#reaching([...writers])].filter((one) => one.kind === 'unit');
    return reaching.filter((one) => one !== part && (this.runs(one) || this.#isAtHome(one, part, writers)));
  }

  /** A function that changes a variable of its own module counts whoever calls it. */
  #isAtHome(one: UnitPart, part: Part, writers: ReadonlySet<UnitPart>): boolean {
    if (part.kind !== 'unit' || one.file !== part.file || !writers.has(one)) return false;
    return one.unit.holds !== 'framework' && (part.unit.isAssigned || part.unit.holds === 'literal');
  }

  #collect(part: UnitPart): void {
    if (this.#isPure(part)) return;
    if (part.unit.writesGlobals) this.#globalWriters.add(part);
    const edges = this.#linker.edges(part);
    for (const write of part.unit.writes) {
      for (const target of edges[write.ref] ?? []) this.#write(part, target, write);
    }
    for (const pass of part.unit.passes) {
      if (!this.#mayWrite(part, pass)) continue;
      for (const target of edges[pass.ref] ?? []) this.#give(part, target);
    }
  }

  #write(writer: UnitPart, { part }: Target, { how, isCall }: Write): void {
    if (isCall && how !== 'assign' && this.#isPure(part)) return;
    if (part.kind === 'leaf') this.#writeLeaf(writer, part, how);
    else if (part.kind === 'namespace') this.#change(writer, part);
    else if (this.#isChanged(part, how, isCall)) this.#change(writer, part);
  }

  #isChanged(part: UnitPart, how: How, isCall: boolean): boolean {
    switch (part.unit.holds) {
      case 'framework':
        return how === 'assign';
      case 'function':
        return how === 'assign' || !isCall;
      case 'constant':
        return how === 'assign';
      case 'literal':
        return how !== 'query';
      case 'made':
        return how === 'assign' || how === 'statement' || !this.#isForeign(part);
    }
  }

  #writeLeaf(writer: UnitPart, part: LeafPart, how: How): void {
    if (how === 'assign') this.#add(part.whole, writer);
    const builtin = /^builtin (\S+)/.exec(part.token)?.[1];
    const isEffect = how === 'statement' && !part.token.startsWith('framework') && !isStatelessBuiltin(builtin ?? '');
    if (isEffect) this.#add(part.whole, writer);
    if (isEffect || (builtin !== undefined && how === 'assign')) this.#globalWriters.add(writer);
  }

  /** A value, and everything that it may be another name for, or hold. */
  #change(writer: UnitPart, part: Part): void {
    const aliases = new Set<Part>([part]);
    for (const alias of aliases) {
      if (alias !== part && alias.kind === 'unit' && !isChangeable(alias)) {
        if (alias.unit.holds !== 'function') continue;
      } else this.#add(contentOf(alias), writer);
      if (alias.kind === 'unit' && alias.unit.isGlobal) this.#globalWriters.add(writer);
      for (const target of this.#partsOf(alias)) aliases.add(target);
    }
  }

  #give(writer: UnitPart, { part }: Target): void {
    if (part.kind === 'leaf') return;
    if (part.kind === 'unit' && !isChangeable(part)) return;
    this.#change(writer, part);
  }

  #partsOf(part: Part): readonly Part[] {
    const edges = this.#linker.edges(part);
    if (part.kind !== 'unit') return edges.flat().map((target) => target.part);
    if (part.unit.holds === 'framework' || part.unit.holds === 'constant') return [];
    const named = part.unit.holds === 'function' ? edges : part.unit.reads.map((index) => edges[index] ?? []);
    return named.flat().map((target) => target.part);
  }

  #add(content: Changeable, writer: UnitPart): void {
    const writers = this.#writers.get(content) ?? new Set();
    writers.add(writer);
    this.#writers.set(content, writers);
  }

  #mayWrite(part: UnitPart, { callee, how }: Pass): boolean {
    if (callee === undefined) return part.unit.writesParams || how === 'statement';
    return (this.#linker.edges(part)[callee] ?? []).some(({ part: called }) => {
      if (this.#isPure(called)) return false;
      if (called.kind === 'leaf') return how === 'statement' && !/^builtin|^framework/.test(called.token);
      if (called.kind === 'unit' && called.unit.holds === 'made' && this.#isForeign(called)) return how === 'statement';
      return this.#writesParams.has(called);
    });
  }

  /** Code that runs as a value is read may change that value: by `this`, or by what a proxy is given. It may be that of a function with a name. */
  #changesItself(part: UnitPart): boolean {
    if (!part.unit.hasTraps) return false;
    const named = this.#linker.edges(part).flat();
    const isFunction = (one: Part): one is UnitPart => one.kind === 'unit' && one.unit.holds === 'function';
    const running = [part, ...named.flatMap(({ part: one }) => (isFunction(one) ? [one] : []))];
    return running.some((one) => one.unit.writesParams || namesThis(one));
  }

  /** True for what functions of packages have made: asking it for something is taken to change nothing. */
  #isForeign(part: UnitPart): boolean {
    const known = this.#foreign.get(part);
    if (known !== undefined) return known;
    this.#foreign.set(part, false);
    const edges = this.#linker.edges(part);
    const makers = part.unit.makers.flatMap((index) => edges[index] ?? []);
    const isForeign =
      makers.length > 0 &&
      makers.every(({ part: maker }) => maker.kind === 'leaf' || (maker.kind === 'unit' && this.#isForeign(maker)));
    this.#foreign.set(part, isForeign);
    return isForeign;
  }
}

/** True for a unit whose evaluation runs code. */
export function runsAtLoad({ unit }: UnitPart): boolean {
  return unit.isEffect || unit.executes;
}

/** Functions and constants cannot fail as they are declared. */
export function mayFail(part: UnitPart): boolean {
  return runsAtLoad(part) || (part.unit.holds !== 'function' && part.unit.holds !== 'constant');
}

function isChangeable({ unit }: UnitPart): boolean {
  return unit.isAssigned || unit.holds === 'literal' || unit.holds === 'made';
}

function namesThis({ file, unit }: UnitPart): boolean {
  return spellingOf(unit, file.facts?.text ?? '').namesThis;
}

function isPlainClass({ file, unit }: UnitPart): boolean {
  return spellingOf(unit, file.facts?.text ?? '').isPlainClass;
}

function contentOf(part: Part): Changeable {
  return part.kind === 'leaf' ? part.whole : part;
}
