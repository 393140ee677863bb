import type { SyntaxNode } from '../syntax-tree.ts';
import { type Flow, isLocal, type Origin } from './flow.ts';
import type { Mentions } from './mentions.ts';
import type { Local } from './scope.ts';

/** Variable → those that may be other names for it, for a part of it, or for what holds it. */
export type OtherNames = ReadonlyMap<Local, readonly OtherName[]>;

interface OtherName {
  readonly local: Local;
  readonly flow: Flow;
  /** True where it holds the value rather than be it. */
  readonly isHolder: boolean;
}

/** The other names among some variables. */
export function namesAmong(locals: Iterable<Local>, flowOf: (local: Local) => Flow | undefined): OtherNames {
  const names = new Map<Local, OtherName[]>();
  for (const local of locals) {
    const flow = flowOf(local);
    for (const named of flow === undefined ? [] : new Set([...flow.self, ...flow.from, ...flow.inside])) {
      if (flow === undefined || !isLocal(named) || named === local) continue;
      const name = { local, flow, isHolder: !flow.self.has(named) && !flow.from.has(named) };
      const known = names.get(named);
      if (known === undefined) names.set(named, [name]);
      else known.push(name);
    }
  }
  return names;
}

/** What values were handed by calls, and what was put into them by other names: `const b = a; b.x = y`. Each is found once. */
export class HandedValues {
  readonly #names: OtherNames;
  readonly #mentions: Mentions;
  /** Variables that were met as names for a value, and those that were met as what holds one. */
  readonly #met = { names: new Set<Local>(), holders: new Set<Local>() };

  constructor(names: OtherNames, mentions: Mentions) {
    this.#names = names;
    this.#mentions = mentions;
  }

  into(local: Local, flow: Flow, found: Set<Origin>): void {
    if (flow.put.length === 0 && !this.#names.has(local)) return;
    const pending: OtherName[] = [{ local, flow, isHolder: false }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { isHolder } = next;
      const met = isHolder ? this.#met.holders : this.#met.names;
      if (met.has(next.local)) continue;
      met.add(next.local);
      // What holds the value need not give it what it is given itself.
      for (const { value, isDeep } of next.flow.put) if (isDeep === true || !isHolder) this.#add(value, found);
      for (const name of this.#names.get(next.local) ?? []) pending.push(isHolder ? { ...name, isHolder } : name);
    }
  }

  #add(value: SyntaxNode | 'param', found: Set<Origin>): void {
    if (value !== 'param') for (const origin of this.#mentions.of(value)) found.add(origin);
  }
}
