import type { EarlyUses } from './early-uses.ts';
import type { Linker } from './linker.ts';
import type { Mutations } from './mutations.ts';
import type { Target, UnitPart } from './part.ts';
import { namesThis } from './part-traits.ts';
import { knownOf } from './placed-unit.ts';

/**
 * Of objects that nothing changes, the members that a unit reads, where it does nothing else with them: then it need not know the others. Who changes
 * what is asked about whole objects.
 */
export class PickedMembers {
  readonly #linker: Linker;
  readonly #mutations: Pick<Mutations, 'of'>;
  readonly #early: EarlyUses;

  constructor(linker: Linker, mutations: Pick<Mutations, 'of'>, early: EarlyUses) {
    this.#linker = linker;
    this.#mutations = mutations;
    this.#early = early;
  }

  /** What the references of a unit stand for. */
  edgesOf(part: UnitPart): readonly (readonly Target[])[] {
    const edges = this.#linker.edges(part);
    const picks = this.#linker.picksOf(part);
    const picked = new Map(picks.flatMap(({ ref, members }) => this.#picked(part, { ref, members }, edges[ref] ?? [])));
    return picked.size === 0 ? edges : edges.map((targets, ref) => picked.get(ref) ?? targets);
  }

  #picked(
    user: UnitPart,
    { ref, members }: { readonly ref: number; readonly members: readonly string[] },
    targets: readonly Target[],
  ): readonly (readonly [ref: number, targets: readonly Target[]])[] {
    const [only] = targets;
    const owner = targets.length === 1 && only?.part.kind === 'unit' ? only.part : undefined;
    if (only === undefined || owner === undefined || knownOf(owner).holds !== 'literal') return [];
    const found = members.flatMap((name) => this.#linker.memberOf(owner, only.bind, name) ?? []);
    const isAll = found.length > 0 && found.length === members.length && found.every((one) => this.#isItsOwn(one));
    if (!isAll || this.#mutations.of(owner).length > 0 || this.#early.of(user).includes(owner)) return [];
    return [[ref, found.map((part) => ({ part, bind: 0 }))]];
  }

  /** True for a member whose value does not get at the object as `this` when it is called. */
  #isItsOwn(member: UnitPart): boolean {
    const edges = this.#linker.edges(member);
    return member.unit.reads.every((index) => (edges[index] ?? []).every(hasNoReceiver));
  }
}

function hasNoReceiver({ part }: Target): boolean {
  return part.kind === 'unit' && part.unit.holds !== 'made' && !part.unit.isAssigned && !namesThis(part);
}
