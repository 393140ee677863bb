import type { OpDefinition, OutputDefinition } from '../definitions/op-definition.ts';
import { DIGEST_BYTES, DigestColumn, type DigestPlace } from '../hash/digest-column.ts';
import type { OutputContext } from '../io/io-contexts.ts';
import type { MemoizableIOManager } from '../io/io-manager.ts';
import { aboveVersions, type OutputIdentifier } from '../io/output-identifier.ts';
import type { OutputVersions } from '../io/output-versions.ts';
import { cannotTell, type ManagersByKey, memoizableManagerOf } from './managers.ts';
import { type ContextScope, ownerOf, StepOutputContext } from './output-contexts.ts';
import type { StoredSteps } from './stored-steps.ts';

/** What managers are asked that answer for many versions of an output at once: nothing is made of a step but what is asked. */
export class VersionInquiry {
  readonly #stored: StoredSteps;
  readonly #scope: ContextScope;
  readonly #asked = new Map<OpDefinition, AskedVersions[]>();
  #last: AskedVersions | undefined;

  constructor(stored: StoredSteps, scope: ContextScope) {
    this.#stored = stored;
    this.#scope = scope;
  }

  /**
   * Asks about those of some steps that have one output, by which they are committed, where it lies under a version that is computed already: these
   * lie side by side, and steps of one use that follow each other are asked about at once. Gives the other steps.
   */
  askResults(managers: ManagersByKey, steps: Iterable<number>): readonly number[] {
    const { plan, versions } = this.#stored;
    const others: number[] = [];
    let [first, end] = [0, 0];
    let use = NO_USE;
    let asked: AskedVersions | undefined;
    for (const step of steps) {
      if (step !== end || plan.useNumber(step) !== use) {
        asked?.addResults(first, end);
        first = step;
        use = plan.useNumber(step);
        asked = this.#plain(managers, step);
      }
      end = step + 1;
      if (asked !== undefined && versions.results.has(step)) continue;
      asked?.addResults(first, step);
      first = end;
      others.push(step);
    }
    asked?.addResults(first, end);
    return others;
  }

  /** What is asked about a step of which only one question is asked, and one that a manager answers for many at once. */
  #plain(managers: ManagersByKey, step: number): AskedVersions | undefined {
    const use = this.#stored.plan.useOf(step);
    if (!use.op.single || use.op.effect || !this.#stored.liesUnderOwnVersion(use)) return undefined;
    const { io, name } = use.op.outputs[0] as OutputDefinition;
    const manager = memoizableManagerOf(managers, io);
    return manager.hasVersions === undefined ? undefined : this.#of(manager, step, name);
  }

  /** Asks about an output of a step; false where its version is not known, or the manager has another way. */
  ask(manager: MemoizableIOManager, step: number, output: string): boolean {
    if (manager.hasVersions === undefined) return false;
    return this.#of(manager, step, output).add(step);
  }

  #of(manager: MemoizableIOManager, step: number, output: string): AskedVersions {
    const { op } = this.#stored.plan.useOf(step);
    if (this.#last?.isOf(op, output) !== true) this.#last = this.#find(manager, step, output);
    return this.#last;
  }

  /** Resolves when everything is answered; calls back for each output that is not there. @throws MemoError M5008. */
  async end(note: (step: number, output: string) => void): Promise<void> {
    const all = [...this.#asked.values()].flat();
    // In one turn, so that a manager can answer several together.
    await Promise.all(all.map((asked) => asked.ask()));
    for (const asked of all) asked.tell(note);
  }

  #find(manager: MemoizableIOManager, step: number, output: string): AskedVersions {
    const { op } = this.#stored.plan.useOf(step);
    const ofOp = this.#asked.get(op) ?? [];
    const known = ofOp.find((asked) => asked.isOf(op, output));
    if (known !== undefined) return known;
    const asked = new AskedVersions(manager, { stored: this.#stored, scope: this.#scope, step, output });
    this.#asked.set(op, [...ofOp, asked]);
    return asked;
  }
}

interface AskedOutput {
  readonly stored: StoredSteps;
  readonly scope: ContextScope;
  /** Any step that has the output. */
  readonly step: number;
  readonly output: string;
}

/** Of one output of an op the versions of all steps that are asked about. */
class AskedVersions implements OutputVersions, DigestPlace {
  readonly above: OutputIdentifier;
  /** Where the next version is put. */
  at: number = 0;
  column: DigestColumn = new DigestColumn(FIRST);
  readonly #manager: MemoizableIOManager;
  readonly #op: OpDefinition;
  readonly #of: AskedOutput;
  #steps = new Int32Array(FIRST);
  #answers: ArrayLike<number> = [];

  constructor(manager: MemoizableIOManager, of: AskedOutput) {
    const use = of.stored.plan.useOf(of.step);
    this.#manager = manager;
    this.#op = use.op;
    this.#of = of;
    this.above = aboveVersions(ownerOf(use), of.output);
  }

  get count(): number {
    return this.at;
  }

  get bytes(): Uint8Array {
    return this.column.bytes.subarray(0, this.count * DIGEST_BYTES);
  }

  /** Bound, because managers take it out of what they are asked. */
  readonly context = (at: number): OutputContext => {
    const { stored, scope, output } = this.#of;
    const step = stored.step(this.#steps[at] as number);
    return new StepOutputContext(scope, step, { output, version: this.column.get(at) });
  };

  isOf(op: OpDefinition, output: string): boolean {
    return this.#op === op && this.#of.output === output;
  }

  add(step: number): boolean {
    this.#reserve(this.count + 1);
    const { stored, output } = this.#of;
    if (!stored.addressInto(step, output, this)) return false;
    this.#steps[this.at++] = step;
    return true;
  }

  /** Adds the outputs `result` of steps that follow each other. */
  addResults(first: number, end: number): void {
    this.#reserve(this.count + end - first);
    this.column.copyRange(this.at, this.#of.stored.versions.results, [first, end]);
    for (let step = first; step < end; step++) this.#steps[this.at++] = step;
  }

  #reserve(count: number): void {
    if (count <= this.#steps.length) return;
    const size = Math.max(count, 2 * this.#steps.length);
    const steps = new Int32Array(size);
    steps.set(this.#steps);
    this.#steps = steps;
    this.column = new DigestColumn(size, this.column);
  }

  async ask(): Promise<void> {
    this.#answers = await this.#askAll();
  }

  /** What was answered: calls back for each output that is not there. */
  tell(note: (step: number, output: string) => void): void {
    for (let at = 0; at < this.count; at++)
      if (this.#answers[at] !== 1) note(this.#steps[at] as number, this.#of.output);
  }

  async #askAll(): Promise<ArrayLike<number>> {
    try {
      const answers = (await this.#manager.hasVersions?.(this)) ?? [];
      if (answers.length === this.count) return answers;
      throw new TypeError(`hasVersions gave ${answers.length} answers for ${this.count} versions`);
    } catch (cause) {
      throw cannotTell(this.#manager, cause);
    }
  }
}

const FIRST = 16;
const NO_USE = -1;
