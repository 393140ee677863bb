import type { Linker } from './linker.ts';
import type { Part, UnitPart } from './part.ts';
import { mayHoldCode, namesThis } from './part-traits.ts';

/** What is asked to find out what values do by code that others gave them. */
export interface GivenCodeScope {
  /** The units that change a value. */
  readonly writersOf: (part: Part) => Iterable<UnitPart> | undefined;
  /** True for what changes what it is given, itself or by what it names. */
  readonly writesParams: (part: Part) => boolean;
}

/** Calls of functions that a value has, or was given by others: asked when it is known who changes which value. */
export class GivenCode {
  readonly #linker: Linker;
  readonly #scope: GivenCodeScope;
  readonly #changesWhatItHolds = new Map<UnitPart, boolean>();

  constructor(linker: Linker, scope: GivenCodeScope) {
    this.#linker = linker;
    this.#scope = scope;
  }

  /** True for a value that was given code which changes what it is called with. */
  changesGiven(part: Part): boolean {
    return this.#givers(part).some((giver) => this.#scope.writesParams(giver));
  }

  /** True for a value with a method that changes, by `this`, what others may have put into it. */
  changesWhatItHolds(part: UnitPart): boolean {
    const known = this.#changesWhatItHolds.get(part);
    if (known !== undefined) return known;
    const does = [part, ...this.#givers(part)].some((one) => this.#changesByThis(one));
    this.#changesWhatItHolds.set(part, does);
    return does;
  }

  /** True for code that changes what it is given, or what may be in the value that it is called on. */
  changesGivenItself(part: UnitPart): boolean {
    return part.unit.writesParams || this.fillsGiven(part);
  }

  /** True for a value with methods that fill, by `this`, what others may have put in the place of an empty member. */
  fillsGiven(part: UnitPart): boolean {
    const isReplacing = ({ unit }: UnitPart): boolean => unit.writes.some((one) => one.how === 'assign' && !one.isDeep);
    return part.unit.traits.includes('fills') && [...(this.#scope.writersOf(part) ?? [])].some(isReplacing);
  }

  /** Code that runs as a value is read may change that value: by `this`, or by what a proxy is given. */
  changesItself(part: UnitPart): boolean {
    return part.unit.hasTraps && this.#running(part).some((one) => this.changesGivenItself(one) || namesThis(one));
  }

  #givers(part: Part): readonly UnitPart[] {
    return [...(this.#scope.writersOf(part) ?? [])].filter(mayHoldCode);
  }

  #changesByThis(part: UnitPart): boolean {
    return this.#running(part).some((one) => this.changesGivenItself(one) && namesThis(one));
  }

  /** A function that is given by its name counts as one that is given in place. */
  #running(part: UnitPart): readonly UnitPart[] {
    const named = this.#linker.edges(part).flat();
    const isFunction = (one: Part): one is UnitPart => one.kind === 'unit' && one.unit.holds === 'function';
    return [part, ...named.flatMap(({ part: one }) => (isFunction(one) ? [one] : []))];
  }
}
