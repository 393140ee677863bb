import type { Meaning } from './name-resolution.ts';
import type { How, Pass, Ref, Trait, Write } from './unit.ts';

/** What evaluating a unit, or calling its functions, may change. */
export interface Effects {
  readonly executes: boolean;
  readonly awaits: boolean;
  readonly reads: readonly number[];
  readonly writes: readonly Write[];
  readonly passes: readonly Pass[];
  readonly writesParams: boolean;
  readonly writesGlobals: boolean;
  /** Functions whose results make up the value, by the indices of their references. */
  readonly makers: readonly number[];
  /** References that are named outside of the functions of ops, by their indices. */
  readonly live: ReadonlySet<number>;
  readonly traits: readonly Trait[];
}

/** Collects {@link Effects}: nothing of what runs only when memo runs an op. */
export class EffectRecord implements Effects {
  executes = false;
  awaits = false;
  writesGlobals = false;
  readonly live: Set<number> = new Set();
  readonly #traits = new Set<Trait>();
  readonly #indexOf: (ref: Ref) => number;
  readonly #reads = new Set<number>();
  readonly #makers = new Set<number>();
  readonly #writes = new Map<string, Write>();
  readonly #passes = new Map<string, Pass>();
  readonly #called = new Set<number>();
  #counts = true;
  #changesParams = false;
  #replacesMembers = false;

  constructor(indexOf: (ref: Ref) => number) {
    this.#indexOf = indexOf;
  }

  get writesParams(): boolean {
    return this.#changesParams || (this.#replacesMembers && this.#traits.has('fills'));
  }

  get reads(): readonly number[] {
    return [...this.#reads];
  }

  get writes(): readonly Write[] {
    return [...this.#writes.values()];
  }

  get passes(): readonly Pass[] {
    return [...this.#passes.values()];
  }

  get makers(): readonly number[] {
    return [...this.#makers];
  }

  get traits(): readonly Trait[] {
    return [...this.#traits];
  }

  /** False where what is found does not count. */
  get counts(): boolean {
    return this.#counts;
  }

  /** Counts nothing of what `look` finds. */
  without(look: () => void): void {
    const counts = this.#counts;
    this.#counts = false;
    look();
    this.#counts = counts;
  }

  /** Code runs as the unit is evaluated. Where an op is defined does not matter for that: its functions are never `now`. */
  run(now: boolean): void {
    if (now) this.executes = true;
  }

  wait(now: boolean): void {
    this.run(now);
    if (now) this.awaits = true;
  }

  has(trait: Trait): void {
    if (this.#counts) this.#traits.add(trait);
  }

  /** A node of a kind that holds no others. */
  leaf(kind: string): void {
    if (kind === 'ThisExpression' || kind === 'Super') this.has('this');
  }

  /** Something is named that may be outside of the unit. */
  mention(meaning: Meaning | undefined, now: boolean): void {
    if (!this.#counts || meaning === undefined || !('ref' in meaning)) return;
    const index = this.#indexOf(meaning.ref);
    this.live.add(index);
    if (now) this.#reads.add(index);
  }

  giveGlobal(): void {
    if (this.#counts) this.has('gives global');
  }

  /** What comes from outside is changed; or a member of `this` that holds nothing in the code around it, as such or what it may hold by now. */
  changeGiven(what: 'param' | 'container' | 'method', how: How, isItself = false): void {
    if (!this.#counts || how === 'query') return;
    if (what === 'method' || (what === 'container' && isItself)) this.has('fills');
    else this.#changesParams = true;
  }

  /** A method puts something in the place of such a member itself. */
  replaceMember(): void {
    if (this.#counts) this.#replacesMembers = true;
  }

  changeGlobals(): void {
    if (this.#counts) this.writesGlobals = true;
  }

  write(ref: Ref, how: How, where: { readonly isCall?: boolean; readonly isDeep?: boolean } = {}): void {
    if (!this.#counts) return;
    const { isCall = false, isDeep = false } = where;
    const write = { ref: this.#indexOf(ref), how, isCall, isDeep };
    if (isCall) this.#called.add(write.ref);
    this.#writes.set(`${write.ref} ${how} ${isCall} ${isDeep}`, write);
  }

  makes(origin: Ref | string): void {
    if (this.#counts && typeof origin === 'object') this.#makers.add(this.#indexOf(origin));
  }

  /** A value is handed to one of some functions, or to one of the unit itself. Says whether the unit calls it, or a method of it. */
  pass(value: Ref, callees: readonly (Ref | undefined)[], { how, isDeep }: Pick<Pass, 'how' | 'isDeep'>): boolean {
    if (!this.#counts) return false;
    const ref = this.#indexOf(value);
    for (const to of callees) {
      const callee = to === undefined ? undefined : this.#indexOf(to);
      const key = `${ref} ${callee ?? ''} ${how}`;
      if (isDeep || !this.#passes.has(key)) this.#passes.set(key, { ref, callee, how, ...(isDeep && { isDeep }) });
    }
    return this.#called.has(ref);
  }
}
