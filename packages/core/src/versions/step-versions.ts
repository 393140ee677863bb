import type { Digest } from '../hash/digest.ts';
import { DigestColumn, type DigestPlace } from '../hash/digest-column.ts';
import { borrowText, giveBack, type HashedText, LARGEST_INTEGER } from '../hash/hashed-text.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import { SOURCE } from '../trace/source-columns.ts';
import { outputVersion, part, tailKey } from './record-key.ts';
import { countPresent, hasNoTail, NO_TAIL, OpHeads, type RecordedVersions, recordOf, tailOf } from './step-record.ts';
import type { StepVersionRecord, UpstreamRecord } from './step-version-record.ts';
import { VersionIndex } from './version-index.ts';
import type { KnownContents, VersionInputs } from './version-inputs.ts';
import { VolatileContents } from './volatile-contents.ts';

/**
 * The versions of all steps of a plan, computed once in topological order and frozen; a step below a volatile one has none until that has run. During
 * a run, {@link rebind} and {@link setContent} say what became known, and {@link resolve} follows, or, for what nobody has asked yet, {@link outdate}.
 */
export class StepVersions {
  readonly #inputs: VersionInputs;
  readonly #versions: DigestColumn;
  readonly #pubs: Map<number, string>;
  readonly #pins: Map<string, string>;
  /** Of each step, the version of its output `result`, as far as somebody has asked for it. */
  readonly #single: DigestColumn;
  /** Made up when a version is bound again for the first time: most runs never do. */
  #sharing: VersionIndex | undefined;
  /** 1 for a step whose version follows again when somebody asks; so does everything below it. */
  #outdated: Uint8Array | undefined;
  readonly #contents = new VolatileContents();
  readonly #heads: OpHeads;

  constructor(inputs: VersionInputs, like?: StepVersions) {
    this.#inputs = inputs;
    const { size } = inputs.plan;
    this.#versions = new DigestColumn(size, like === undefined ? undefined : like.#versions);
    this.#single = new DigestColumn(size, like === undefined ? undefined : like.#single);
    this.#pubs = new Map(like === undefined ? [] : like.#pubs);
    this.#pins = new Map(like === undefined ? inputs.pins : like.#pins);
    this.#heads = like === undefined ? new OpHeads(inputs) : like.#heads;
    if (like !== undefined) for (const column of [this.#versions, this.#single]) column.keepTexts();
    if (like === undefined) this.#resolveAll();
  }

  /** The same versions, for a run to change: it asks for each some ten times. */
  copy(): StepVersions {
    return new StepVersions(this.#inputs, this);
  }

  /** The version of a step, 64 hexadecimal digits; `undefined` while it is not known. */
  version(step: number): string | undefined {
    if (this.isOutdated(step)) this.#update(step);
    return this.#versions.get(step);
  }

  /** True where the version of a step is known. */
  isKnown(step: number): boolean {
    if (this.isOutdated(step)) this.#update(step);
    return this.#versions.has(step);
  }

  /** True where the versions of all steps were known when they were computed. */
  get areKnown(): boolean {
    return this.#versions.isFull;
  }

  /** The versions of the output `result` of all steps, for reading, as far as they were computed. */
  get results(): DigestColumn {
    return this.#single;
  }

  /** The versions of all steps, for reading, as they were computed last. */
  get column(): DigestColumn {
    return this.#versions;
  }

  /** The generation of a step whose version was bound again. */
  pub(step: number): string | undefined {
    if (this.isOutdated(step)) this.#update(step);
    return this.#pubs.get(step);
  }

  /** The steps that have a generation. */
  pinned(): Iterable<number> {
    return this.#pubs.keys();
  }

  /** The version of an output, as steps below see it. */
  outputVersion(step: number, output: string): string | undefined {
    if (output === 'result' && this.#knowsSingle(step)) return this.#single.get(step);
    if (this.#contents.has(step)) return this.#contents.version(step, output);
    const version = this.version(step);
    if (version === undefined || this.#inputs.volatile(step)) return undefined;
    return outputVersion(version, output, this.#pubs.get(step));
  }

  /** Puts the version of an output to a place. False where it is not known. */
  outputVersionInto(step: number, output: string, { column, at }: DigestPlace): boolean {
    if (output === 'result' && this.#knowsSingle(step)) column.copy(at, this.#single, step);
    else column.set(at, this.outputVersion(step, output) as Digest | undefined);
    return column.has(at);
  }

  /** True where the version of the output `result` is in its column. */
  #knowsSingle(step: number): boolean {
    if (this.#single.has(step)) return true;
    if (this.#contents.has(step) || !this.isKnown(step) || this.#inputs.volatile(step)) return false;
    const text = borrowText();
    this.#writeResult(step, text);
    giveBack(text);
    return true;
  }

  #writeResult(step: number, text: HashedText): void {
    text.begin(OUTPUT_VERSION);
    text.putDigest(this.#versions, step);
    text.putBytes(RESULT);
    const pub = this.#pubs.size === 0 ? undefined : this.#pubs.get(step);
    if (pub !== undefined) text.put(`;${pub}`);
    text.digestInto(this.#single, step);
  }

  /** Of all steps, and what those below see of them: in one loop that calls little, because most plans are their process's first. */
  #resolveAll(): void {
    const { plan } = this.#inputs;
    const isSingle = plan.uses.map(({ op }) => op.single);
    const [text, resultText] = [borrowText(), borrowText()];
    for (let step = 0; step < plan.size; step++) {
      if (!this.#write(step, text, undefined)) {
        this.#versions.set(step, undefined);
        continue;
      }
      text.digestInto(this.#versions, step);
      if (this.#pins.size > 0) this.#findPub(step);
      if (isSingle[plan.useNumber(step)] === true && !this.#inputs.volatile(step)) this.#writeResult(step, resultText);
    }
    giveBack(text);
    giveBack(resultText);
  }

  #findPub(step: number): void {
    const version = this.#versions.get(step);
    const pub = version === undefined ? undefined : this.#pins.get(version);
    if (pub !== undefined) this.#pubs.set(step, pub);
    else if (this.#pubs.size > 0) this.#pubs.delete(step);
  }

  /** Computes the version of a step from what its upstreams have now. */
  resolve(index: number): void {
    const shared = this.#sharing;
    const before = shared === undefined || this.isOutdated(index) ? undefined : this.#versions.get(index);
    if (this.#outdated !== undefined) this.#outdated[index] = 0;
    this.#single.set(index, undefined);
    const text = borrowText();
    if (this.#write(index, text, undefined)) text.digestInto(this.#versions, index);
    else this.#versions.set(index, undefined);
    giveBack(text);
    shared?.move(index, before, this.#versions.get(index));
    if (this.#pins.size > 0 || this.#pubs.size > 0) this.#findPub(index);
  }

  /** Says that the version of a step is another one now, and so are those of all steps below, of which the same is said. */
  outdate(index: number): void {
    if (this.isOutdated(index)) return;
    this.#outdated ??= new Uint8Array(this.#versions.size);
    this.#outdated[index] = 1;
    this.#sharing?.move(index, this.#versions.get(index), undefined);
    this.#single.set(index, undefined);
  }

  /** True while nobody has asked for the version of a step since it became another one. */
  isOutdated(step: number): boolean {
    return this.#outdated !== undefined && this.#outdated[step] === 1;
  }

  #update(index: number): void {
    const found = new Set([index]);
    for (const step of found)
      for (const above of this.#inputs.plan.upstream.of(step)) if (this.isOutdated(above)) found.add(above);
    for (const step of [...found].sort((a, b) => a - b)) this.resolve(step);
  }

  /** The generation that a step version is pinned to. */
  pin(version: string): string | undefined {
    return this.#pins.get(version);
  }

  /** Says that a step version is bound to a new generation, for all steps that have it. */
  rebind(version: string, pub: string): void {
    this.#pins.set(version, pub);
    for (const index of this.stepsWith(version)) {
      this.#pubs.set(index, pub);
      this.#single.set(index, undefined);
    }
  }

  /** The steps that have a version. */
  stepsWith(version: string): ReadonlySet<number> {
    this.#sharing ??= new VersionIndex(this.#versions);
    return this.#sharing.stepsWith(version);
  }

  /** Says what a volatile step gave, by output; absent outputs have no entry. */
  setContent(index: number, digests: ReadonlyMap<string, string>): void {
    this.#contents.set(index, this.#step(index).op, digests);
    this.#single.set(index, undefined);
  }

  /**
   * The key of a step by content: what upstream outputs hold in place of their versions. Two steps with one content key give the same result. Steps
   * that come before without being read enter by the version under which they really ran: what they did is not in what they gave.
   */
  contentKey(index: number, contents: KnownContents): string | undefined {
    const text = borrowText();
    text.begin(CONTENT_KEY);
    const key = this.#write(index, text, contents) ? text.digest() : undefined;
    giveBack(text);
    return key;
  }

  /** Says that a volatile step is to run again. */
  forgetContent(index: number): void {
    this.#contents.forget(index);
  }

  /** The code that a step runs, as its record names it. */
  code(index: number): StepVersionRecord['op'] | undefined {
    return this.#heads.of(this.#inputs.plan.useOf(index).op)?.code;
  }

  /** The record behind the version that a step has now; of others, behind what it would have with them. */
  record(index: number, versions: RecordedVersions = this): StepVersionRecord | undefined {
    return recordOf(this.#step(index), this.#inputs, versions);
  }

  /** True while all that a record says of what a step reads follows from the versions of the steps that have that. */
  followsFromReads(index: number): boolean {
    return this.#pubs.size === 0 && this.#contents.size === 0 && hasNoTail(this.#inputs.plan.useOf(index));
  }

  /** How a record names an output of a step; `''` stands for the step as a whole. */
  upstream(step: number, output: string): UpstreamRecord | undefined {
    const { id, op } = this.#step(step);
    if (this.#contents.has(step)) {
      const version =
        this.outputVersion(step, output) ?? this.#contents.absentVersion(step, this.#step(step).op, output);
      return version === undefined ? undefined : { step: id, op: op.name, output, version, form: 'content' };
    }
    const version = this.version(step);
    if (version === undefined || this.#inputs.volatile(step)) return undefined;
    const pub = this.#pubs.get(step);
    const record = { step: id, op: op.name, output, version };
    return pub === undefined ? record : { ...record, pub };
  }

  #step(index: number): ExecutionStep {
    return this.#inputs.plan.step(index);
  }

  /** Writes the same text as `recordKey(record)`, without building the record; with `contents` by those. False where something is not known. */
  #write(index: number, text: HashedText, contents: KnownContents | undefined): boolean {
    const { plan } = this.#inputs;
    const use = plan.useOf(index);
    const head = this.#heads.of(use.op);
    if (head === undefined) return false;
    const beginning = this.#heads.textOf(use, head);
    if (contents === undefined) text.begin(beginning);
    else text.putBytes(beginning);
    const { count, texts } = this.#heads.names(use.names);
    text.putBytes(count);
    const { sources } = plan;
    let at = sources.first(index);
    for (let input = 0; input < texts.length; input++) {
      text.putBytes(texts[input] as Uint8Array);
      // The items of a list follow it.
      for (let left = 1; left > 0; left--) {
        const kind = sources.kind(at);
        if (kind === SOURCE.literal) {
          const integer = sources.integer(at, LARGEST_INTEGER);
          if (integer >= 0) text.putInteger(integer);
          else text.put(`V${part(sources.key(at))}`);
        } else if (kind === SOURCE.list) {
          left += sources.value(at);
          text.put(`L${contents === undefined ? sources.value(at) : countPresent(sources, at, contents)};`);
        } else if (contents === undefined && kind === SOURCE.result && this.#single.has(sources.value(at))) {
          text.putOutput(this.#single, sources.value(at));
        } else {
          if (!this.#writeOutput(at, text, contents)) return false;
          if (kind === SOURCE.output) at++;
        }
        at++;
      }
    }
    const tail = tailOf(index, { plan, versions: this, ranAs: contents?.ranAs });
    if (tail === NO_TAIL) return true;
    if (tail !== undefined) text.put(tailKey(tail));
    return tail !== undefined;
  }

  #writeOutput(at: number, text: HashedText, contents: KnownContents | undefined): boolean {
    const { sources } = this.#inputs.plan;
    const step = sources.value(at);
    if (contents === undefined && sources.kind(at) === SOURCE.result && this.#knowsSingle(step)) {
      text.putOutput(this.#single, step);
      return true;
    }
    const output = sources.output(at);
    if (contents !== undefined) {
      const digest = contents.digestOf(step, output);
      // An op gets lists without what was left out, and does not run without an input.
      if (digest !== undefined && digest !== 'absent') text.put(`O${part(digest)}`);
      return digest !== undefined;
    }
    const version = this.outputVersion(step, output) ?? this.#contents.absentVersion(step, this.#step(step).op, output);
    if (version !== undefined) text.put(`O${version}`);
    return version !== undefined;
  }
}

const RESULT: Uint8Array = Buffer.from('result');
const [OUTPUT_VERSION, CONTENT_KEY] = [Buffer.from('memo.output-version/1;'), Buffer.from('memo.content-key/1;')];
