import { isParsed } from './analysis.ts';
import { type Digest, digestJson } from './digest.ts';
import type { CallByName, Unit as CalledUnit } from './initialisers.ts';
import { innerUnits } from './slice/placed-unit.ts';
import type { Unit } from './slice/unit.ts';
import type { SourceFacts } from './source-facts.ts';

/**
 * Stands for all that a text says but what its units compute by themselves: texts of one shape have the same parts, which lead to the same
 * places, change the same things, and are found in the same way. `withPlaces`: and stand in the same places.
 */
export function shapeOf(facts: SourceFacts, withPlaces: boolean): Digest {
  const { digest: _digest, text, units: parts, initialisers, references, ...others } = facts;
  const { units, ops, members, imports, calls, ...rest } = parts;
  const { module, functions, aliases } = initialisers;
  const form = [
    { isParsed: isParsed(facts), ...others, ...rest },
    references.map(({ offset: _offset, ...reference }) => reference),
    [...imports],
    units.map(withoutPlace),
    ops.map(({ callStart: _start, callEnd: _end, outlines: _outlines, ...op }) => withoutPlace(op)),
    members.map(withoutPlace),
    module.calls.map((call) => [calledIn(call), unitAt(call.offset, units)]),
    [...functions].map(([name, unit]) => [name, unit.calls.map(calledIn)]),
    [...aliases],
    withPlaces ? [calls, placesOf(facts), lineEnds(text)] : '',
  ];
  return digestJson(form);
}

/** True when something is said about a text that names places in it. */
export function namesPlaces({ findings, initialisers }: SourceFacts): boolean {
  const units = [initialisers.module, ...initialisers.functions.values()];
  return findings.length > 0 || units.some((unit) => unit.findings.length > 0);
}

/** What is undefined is not in the JSON. A copy of a whole object costs less than one of all its properties but some. */
function withoutPlace(unit: Unit): unknown {
  return { ...unit, own: undefined, start: undefined, end: undefined };
}

function calledIn({ offset: _offset, ...call }: CallByName): unknown {
  return call;
}

function unitAt(offset: number, units: readonly Unit[]): number {
  return units.findIndex(({ start, end }) => start <= offset && offset < end);
}

function placesOf({ references, units, initialisers }: SourceFacts): unknown {
  const called = (unit: CalledUnit): unknown => [unit.findings, unit.calls];
  return [
    references.map(({ offset }) => offset),
    [...units.units, ...innerUnits(units)].map(({ start, end }) => [start, end]),
    units.ops.map(({ callStart, callEnd }) => [callStart, callEnd]),
    called(initialisers.module),
    [...initialisers.functions.values()].map(called),
  ];
}

function lineEnds(text: string): readonly number[] {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  return ends;
}
