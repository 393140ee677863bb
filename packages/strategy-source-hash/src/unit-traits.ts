import { type Digest, digestText } from './digest.ts';
import { namesPlaces } from './file-shape.ts';
import type { GraphNode } from './graph-node.ts';
import { FILE, type KeptUnit } from './kept-program.ts';
import { loadsLate } from './late-code.ts';
import type { KnownUnit } from './slice/placed-unit.ts';
import type { Holding, OpUnit, Unit } from './slice/unit.ts';
import type { SourceFacts } from './source-facts.ts';

/**
 * The units of a text, or its ops, each by what tells it from the others, and what is known of it. `forms` are digests of what is known of units: most are
 * alike.
 */
export function keptUnits(
  units: readonly (Unit | OpUnit)[],
  forms: Map<string, Digest> = new Map(),
): readonly KeptUnit[] {
  const taken = new Map<string, number>();
  return units.map((unit) => {
    const name = [
      unit.name,
      ...unit.binds,
      unit.isEffect ? unit.own : '',
      'definedName' in unit ? unit.definedName : '',
    ];
    const common = name.join('\n');
    const number = taken.get(common) ?? 0;
    taken.set(common, number + 1);
    return { key: `${common}\n${number}`, form: formOf(unit, forms), kind: kindOf(unit) };
  });
}

const ASSIGNED = 'assigned';

function kindOf({ holds, isAssigned, traits }: Unit): string {
  return [holds, ...(isAssigned ? [ASSIGNED] : []), ...traits].join(' ');
}

/** What `KeptUnit.kind` says. */
export function unitOfKind(kind: string): KnownUnit {
  const [holds = '', next] = kind.split(' ', 2);
  return { holds: holds as Holding, isAssigned: next === ASSIGNED };
}

/** Names, the normal form, places and where references lead. */
type ToldApart = 'name' | 'binds' | 'own' | 'start' | 'end' | 'refs' | 'callStart' | 'callEnd' | 'outlines';

/** All of a unit but what tells it from others. */
function formOf(unit: Unit & Pick<Partial<OpUnit>, 'definedName'>, forms: Map<string, Digest>): Digest {
  const said: Record<Exclude<keyof OpUnit, ToldApart>, unknown> = {
    picks: unit.picks,
    holds: unit.holds,
    isAssigned: unit.isAssigned,
    executes: unit.executes,
    awaits: unit.awaits,
    isEffect: unit.isEffect,
    dormant: unit.dormant,
    reads: unit.reads,
    writes: unit.writes,
    passes: unit.passes,
    writesParams: unit.writesParams,
    writesGlobals: unit.writesGlobals,
    hasTraps: unit.hasTraps,
    isGlobal: unit.isGlobal,
    makers: unit.makers,
    traits: unit.traits,
    definedName: unit.definedName,
  };
  const text = JSON.stringify(said);
  const form = forms.get(text) ?? digestText(text).slice(0, 32);
  forms.set(text, form);
  return form;
}

/** What decides {@link FILE} of a file by itself. */
export function fileTraits(file: GraphNode): number {
  const { facts } = file;
  const bits: readonly (readonly [number, boolean])[] = [
    [FILE.late, loadsLate(file)],
    [FILE.bare, file.bare.length > 0],
    [FILE.calls, facts !== undefined && callsOthers(facts)],
    [FILE.noted, file.findings.length > 0 || (facts !== undefined && namesPlaces(facts))],
    [FILE.astray, file.findings.length > (facts?.findings.length ?? 0)],
    [FILE.waits, facts?.units.units.some(({ awaits }) => awaits) === true],
    [FILE.open, facts !== undefined && (facts.units.isWhole || facts.units.stars.length > 0)],
  ];
  return bits.reduce((traits, [bit, is]) => (is ? traits | bit : traits), 0);
}

/** True for a module that calls functions by their names as it is loaded, or has code that does. */
function callsOthers({ initialisers }: SourceFacts): boolean {
  return initialisers.module.calls.length > 0;
}
