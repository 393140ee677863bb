import type { GraphNode } from '../graph-node.ts';
import { ForeignValues } from './foreign-values.ts';
import { GivenCode } from './given-code.ts';
import { HeldValues } from './held-values.ts';
import { addTo, type Sets } from './keyed-sets.ts';
import { isStatelessBuiltin } from './known-calls.ts';
import type { Linker } from './linker.ts';
import { NamedParts } from './named-parts.ts';
import type { LeafPart, Part, Target, UnitPart } from './part.ts';
import {
  type Content,
  contentOf,
  isChangeable,
  isChangedWithin,
  isPlainClass,
  mayHoldCode,
  namesThis,
  runsAtLoad,
} from './part-traits.ts';
import { PutValues } from './put-values.ts';
import { Referrers } from './referrers.ts';
import { isStill } from './still-units.ts';
import type { How, Pass, Write } from './unit.ts';
import { isChangedBy } from './value-changes.ts';

/**
 * What the code of a program may change as its modules are loaded: found by following values by name, blind to the order of
 * statements, through calls of any depth.
 */
export class Mutations {
  readonly #linker: Linker;
  readonly #isPure: (part: Part) => boolean;
  readonly #units: readonly UnitPart[];
  readonly #referrers: Referrers;
  /** Content → the units whose code changes it. */
  readonly #writers = new Map<Content, Set<UnitPart>>();
  #writesParams: ReadonlySet<Part>;
  readonly #foreign: ForeignValues;
  readonly #mutators = new Map<Content, readonly UnitPart[]>();
  #globalFiles: ReadonlySet<GraphNode> | undefined;
  readonly #globalUnits = new Map<GraphNode, readonly UnitPart[]>();
  readonly #globalWriters = new Set<UnitPart>();
  readonly #globalEffects: ReadonlySet<Part>;
  readonly #trapped: ReadonlySet<Part>;
  /** Values that are asked for something by a method which may be their own. */
  readonly #queries: (readonly [writer: UnitPart, part: UnitPart])[] = [];
  readonly #held = new HeldValues({
    within: (part) => this.#named.within(part),
    count: (writer, part) => this.#count(writer, part),
  });
  readonly #put: PutValues;
  readonly #given: GivenCode;
  readonly #named: NamedParts;
  /** Unit → the objects, functions and classes that it gives a member that may be code. */
  readonly #filled: Sets<Part, Part> = new Map();

  /** What `isPure` holds for is declared to change nothing, and calls of it are. */
  constructor(files: Iterable<GraphNode>, linker: Linker, isPure: (part: Part) => boolean = () => false) {
    this.#linker = linker;
    this.#isPure = isPure;
    this.#named = new NamedParts(linker);
    this.#foreign = new ForeignValues(linker);
    this.#units = [...files].flatMap((file) => linker.unitsOf(file));
    this.#put = new PutValues(this.#units, linker, (part) => this.#named.otherNames(part));
    this.#referrers = new Referrers(this.#units, linker, isPure);
    this.#writesParams = this.#referrers.reaching(
      this.#units.filter((part) => part.unit.writesParams && !isPure(part)),
    );
    this.#given = new GivenCode(linker, {
      writersOf: (part) => this.#writers.get(contentOf(part)),
      writesParams: (part) => this.#writesParams.has(part),
    });
    for (const part of this.#units) this.#collect(part);
    const filling = this.#units.filter((part) => this.#given.fillsGiven(part) && !isPure(part));
    if (filling.length > 0) this.#writesParams = this.#referrers.reaching([...this.#writesParams, ...filling]);
    for (const part of this.#units) this.#collectCalls(part);
    this.#changeByQueries();
    this.#changeWhatIsHeld();
    this.#changeByReading();
    this.#changeWhatIsHeld();
    this.#trapped = this.#holding(this.#units.filter(({ unit }) => unit.hasTraps));
    this.#globalEffects = this.#referrers.reaching([...this.#globalWriters]);
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
    // Few files have any.
    this.#globalFiles ??= new Set([...this.#globalEffects].flatMap((part) => part.file ?? []));
    if (!this.#globalFiles.has(file)) return [];
    const known = this.#globalUnits.get(file) ?? this.#linker.unitsOf(file).filter((part) => this.isGlobal(part));
    this.#globalUnits.set(file, known);
    return known;
  }

  /** True for a unit whose evaluation may change what all code can see. */
  isGlobal(part: UnitPart): boolean {
    return this.#globalEffects.has(part) && this.runs(part);
  }

  /**
   * What decides who changes what: the parts from which something can be reached that changes anything or is changed, and those whose references
   * were followed to values. Other functions and constants may name each other as they like.
   */
  deciding(): { readonly reaching: ReadonlySet<Part>; readonly followed: ReadonlySet<Part> } {
    const written = [...this.#writers].flatMap(([to, by]) => (typeof to === 'string' ? [...by] : [to, ...by]));
    const filled = [...this.#filled].flatMap(([by, parts]) => [by, ...parts]);
    const restless = this.#units.filter((part) => !isStill(part, this.#linker));
    return {
      reaching: this.#referrers.reaching([...restless, ...written, ...filled]),
      followed: this.#named.followed(),
    };
  }

  /** True for a unit whose evaluation runs code: reading a value does where that has a getter, for example. */
  runs(part: UnitPart): boolean {
    if (runsAtLoad(part)) return true;
    const edges = part.unit.reads.length === 0 ? [] : this.#linker.edges(part);
    return part.unit.reads.some((index) => (edges[index] ?? []).some((target) => this.#trapped.has(target.part)));
  }

  /** Everything from which some parts can be reached, with all that one of these changes: it may put there what it reaches, a getter for example. */
  #holding(parts: readonly Part[]): ReadonlySet<Part> {
    let found = this.#referrers.reaching(parts);
    for (let before = 0; before !== found.size; ) {
      before = found.size;
      const changed = [...this.#writers].flatMap(([content, writers]) =>
        typeof content !== 'string' && [...writers].some((writer) => found.has(writer)) ? [content] : [],
      );
      found = this.#referrers.reaching([...found, ...changed]);
    }
    return found;
  }

  #find(part: Part, content: Content): readonly UnitPart[] {
    const writers = this.#writers.get(content);
    if (writers === undefined) return [];
    const reaching = [...this.#running(writers)].filter((one) => one.kind === 'unit');
    return reaching.filter((one) => one !== part && (this.runs(one) || this.#isAtHome(one, part, writers)));
  }

  /** Everything from which some units can be reached, also where their code was put into a value and is called there. */
  #running(units: Iterable<UnitPart>): ReadonlySet<Part> {
    let found = this.#referrers.reaching([...units]);
    for (let before = 0; before !== found.size; ) {
      before = found.size;
      const filled = [...found].flatMap((one) => [...(this.#filled.get(one) ?? [])]);
      if (filled.some((one) => !found.has(one))) found = this.#referrers.reaching([...found, ...filled]);
    }
    return found;
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
  }

  /** What calls change that is known when it is known who gives code to which value. */
  #collectCalls(part: UnitPart): void {
    if (this.#isPure(part)) return;
    const edges = this.#linker.edges(part);
    for (const { part: called } of part.unit.writes.flatMap(({ isCall, ref }) => (isCall ? (edges[ref] ?? []) : []))) {
      const isLiteral = called.kind === 'unit' && called.unit.holds === 'literal' && !this.#isPure(called);
      if (isLiteral && this.#given.changesWhatItHolds(called)) this.#change(part, called, true);
    }
    const passes = part.unit.passes.filter(({ how }) => how !== 'later');
    for (const pass of passes) {
      if (!this.#mayWrite(part, pass)) continue;
      for (const target of edges[pass.ref] ?? []) this.#give(part, target, pass.isDeep);
    }
    const handed = passes.filter(({ ref }) => (edges[ref] ?? []).some((target) => this.#writesParams.has(target.part)));
    for (const callee of new Set(handed.map((pass) => pass.callee))) {
      this.#handOut(part, callee, new Set(handed.flatMap((pass) => (pass.callee === callee ? [pass.ref] : []))));
    }
  }

  /** Functions that are given to a call by their names may get whatever else the call can get at. */
  #handOut(part: UnitPart, callee: number | undefined, functions: ReadonlySet<number>): void {
    const edges = this.#linker.edges(part);
    const refs = part.unit.passes.flatMap((pass) => (pass.callee === callee && pass.how !== 'later' ? [pass.ref] : []));
    const [only] = functions.size === 1 ? functions : [];
    const others = refs.filter((ref) => ref !== only);
    for (const index of [...others, ...(callee === undefined ? [] : [callee])]) {
      for (const target of edges[index] ?? []) this.#give(part, target);
    }
  }

  #write(writer: UnitPart, { part }: Target, { how, isCall, isDeep }: Write): void {
    if (isCall && how !== 'assign' && this.#isPure(part)) return;
    if (how === 'assign' && part.kind === 'unit' && part.unit.holds !== 'made' && mayHoldCode(writer))
      addTo(this.#filled, writer, part);
    if (part.kind === 'leaf') this.#writeLeaf(writer, part, how);
    else if (part.kind === 'namespace') this.#change(writer, part, isDeep);
    else if (isChangedBy(part, { how, isCall }, () => this.#foreign.has(part))) this.#change(writer, part, isDeep);
    else if (how === 'query' && part.unit.holds === 'literal') this.#queries.push([writer, part]);
  }

  /** A method that only asks values of the language for something may be another one on a value with methods of its own. */
  #changeByQueries(): void {
    for (const [writer, part] of this.#queries) {
      if (namesThis(part) || [...(this.#writers.get(part) ?? [])].some(namesThis)) this.#change(writer, part, false);
    }
  }

  /** Code that runs as a value is read may change it, and what it holds; and other values of its kind themselves. */
  #changeByReading(): void {
    const changing = this.#units.filter((one) => this.#given.changesItself(one));
    for (const part of this.#holding(changing)) {
      if (part.kind === 'unit' && isChangeable(part) && !isPlainClass(part)) this.#add(part, part);
    }
    for (const part of changing) if (!isPlainClass(part) && isChangeable(part)) this.#change(part, part, true);
  }

  /** What others have put into a value is changed with it. */
  #changeWhatIsHeld(): void {
    if (this.#held.isEmpty) return;
    this.#held.settle({
      writersOf: (part) => this.#writers.get(contentOf(part)),
      putBy: (unit) => this.#put.by(unit),
    });
  }

  #writeLeaf(writer: UnitPart, part: LeafPart, how: How): void {
    if (how === 'assign') this.#add(part.whole, writer);
    const builtin = /^builtin (\S+)/.exec(part.token)?.[1];
    const isEffect = how === 'statement' && !part.token.startsWith('framework') && !isStatelessBuiltin(builtin ?? '');
    if (isEffect) this.#add(part.whole, writer);
    if (isEffect || (builtin !== undefined && how === 'assign')) this.#globalWriters.add(writer);
  }

  /** A value, and everything that it may be another name for, or hold. */
  #change(writer: UnitPart, part: Part, isDeep: boolean): void {
    if (isDeep && this.#held.hasInside(part, writer)) return;
    this.#add(contentOf(part), writer);
    if (isDeep) return this.#held.changeInside(part, writer);
    const aliases = new Set([part]);
    for (const alias of aliases) {
      this.#count(writer, alias);
      const isUnit = alias.kind === 'unit';
      if (isUnit && alias.unit.isAssigned) this.#held.addVariable(alias, writer);
      for (const target of this.#named.otherNames(alias)) {
        if (!isChangedWithin(target)) continue;
        // What an expression gives may be something that the values in it hold.
        if (isUnit && alias.unit.holds !== 'literal') this.#held.changeInside(target, writer);
        else aliases.add(target);
      }
    }
  }

  /** Of what a function changes through others, its own names count and it does not. */
  #count(writer: UnitPart, part: Part): void {
    if (part.kind !== 'unit' || isChangeable(part)) this.#add(contentOf(part), writer);
    if (part.kind === 'unit' && part.unit.isGlobal) this.#globalWriters.add(writer);
  }

  /** Of a function that is given itself nothing changes; what it gives does. */
  #give(writer: UnitPart, { part }: Target, isDeep = false): void {
    if (part.kind === 'leaf') return;
    if (part.kind !== 'unit' || isChangeable(part)) this.#change(writer, part, true);
    else if (isDeep && part.unit.holds === 'function') this.#held.changeInside(part, writer);
  }

  #add(content: Content, writer: UnitPart): void {
    addTo(this.#writers, content, writer);
  }

  #mayWrite(part: UnitPart, { callee, how }: Pass): boolean {
    if (callee === undefined) return this.#given.changesGivenItself(part) || how === 'statement';
    const isCalled = part.unit.writes.some(({ isCall, ref }) => isCall && ref === callee);
    return (this.#linker.edges(part)[callee] ?? []).some(({ part: called }) => {
      if (this.#isPure(called)) return false;
      if (called.kind === 'leaf') return how === 'statement' && !/^builtin|^framework/.test(called.token);
      if (called.kind === 'unit' && called.unit.holds === 'made' && this.#foreign.has(called))
        return how === 'statement';
      return this.#writesParams.has(called) || (isCalled && this.#given.changesGiven(called));
    });
  }
}
