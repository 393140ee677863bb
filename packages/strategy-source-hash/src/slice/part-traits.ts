import type { Part, UnitPart } from './part.ts';

/** What changes of a part's content are counted for: all parts of one package or file are one. */
export type Content = Part | string;

export function contentOf(part: Part): Content {
  return part.kind === 'leaf' ? part.whole : part;
}

/** True for a unit whose evaluation runs code. */
export function runsAtLoad({ unit }: UnitPart): boolean {
  return unit.isEffect || unit.executes;
}

/** Functions and constants cannot fail as they are declared. */
export function mayFail(part: UnitPart): boolean {
  return runsAtLoad(part) || (part.unit.holds !== 'function' && part.unit.holds !== 'constant');
}

export function isChangeable({ unit }: UnitPart): boolean {
  return unit.isAssigned || unit.holds === 'literal' || unit.holds === 'made';
}

/** True for what changes with values that name it: functions only hand that on to what they name themselves. */
export function isChangedWithin(part: Part): boolean {
  return part.kind !== 'unit' || isChangeable(part) || part.unit.holds === 'function';
}

export function namesThis(part: UnitPart): boolean {
  return part.unit.traits.includes('this');
}

/** True for a statement that makes a function, or names one without calling it. */
export function mayHoldCode(part: UnitPart): boolean {
  const { isEffect, reads, makers, traits } = part.unit;
  return isEffect && (traits.includes('makes function') || reads.some((index) => !makers.includes(index)));
}

/** A class of which only instances can be changed by code of its own. */
export function isPlainClass(part: UnitPart): boolean {
  return part.unit.traits.includes('plain class');
}

/** True for the module of the runtime whose class a value is a new one of: changing that value changes no module. */
export function isClassOfRuntime(part: Part, value: Part): boolean {
  if (part.kind !== 'leaf' || value.kind !== 'unit') return false;
  return part.token.startsWith('builtin ') && value.unit.traits.includes('new builtin');
}
