import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { sha256 } from '../hash/digest.ts';
import { writeField } from '../hash/record-fields.ts';
import type { LiteralSource } from '../trace/config-value.ts';
import { EMPTY_CONFIG } from '../trace/config-value.ts';
import type { ExecutionStep, InputSource, OutputSource } from '../trace/execution-plan.ts';
import { environmentDigest } from './environment-digest.ts';
import { contentVersion, outputVersion, part, recordHead, tailKey } from './record-key.ts';
import type { InputRecord, StepVersionRecord, UpstreamRecord, ValueRecord } from './step-version-record.ts';
import { valueRecord } from './value-record.ts';
import { VersionIndex } from './version-index.ts';
import type { KnownContents, OpIngredients, VersionInputs } from './version-inputs.ts';

/**
 * The versions of all steps of a plan, computed once in topological order and frozen; a step below a volatile one has none until
 * that has run. During a run, {@link rebind} and {@link setContent} say what became known, and {@link resolve} follows, or, for what
 * nobody has asked about yet, {@link outdate}.
 */
export class StepVersions {
  readonly #inputs: VersionInputs;
  readonly #versions: (string | undefined)[];
  readonly #pubs: Map<number, string>;
  readonly #pins: Map<string, string>;
  readonly #single: (string | undefined)[];
  /** Made up when a version is bound again for the first time: most runs never do. */
  #sharing: VersionIndex | undefined;
  /** 1 for a step whose version follows again when somebody asks; so does everything below it. */
  #outdated: Uint8Array | undefined;
  readonly #contents = new Map<number, ReadonlyMap<string, string>>();
  readonly #heads: Map<OpDefinition, OpHead>;

  constructor(inputs: VersionInputs, like?: StepVersions) {
    this.#inputs = inputs;
    const { steps } = inputs.plan;
    const unknown = (): (string | undefined)[] => steps.map(() => undefined);
    this.#versions = like === undefined ? unknown() : [...like.#versions];
    this.#single = like === undefined ? unknown() : [...like.#single];
    this.#pubs = new Map(like === undefined ? [] : like.#pubs);
    this.#pins = new Map(like === undefined ? inputs.pins : like.#pins);
    this.#heads = like === undefined ? new Map() : like.#heads;
    if (like === undefined) for (const step of steps) this.resolve(step.index);
  }

  /** The same versions, for a run to change. */
  copy(): StepVersions {
    return new StepVersions(this.#inputs, this);
  }

  /** The version of a step, 64 hexadecimal digits; `undefined` while it is not known. */
  version(step: number): string | undefined {
    if (this.isOutdated(step)) this.#update(step);
    return this.#versions[step];
  }

  /** The generation of a step whose version was bound again. */
  pub(step: number): string | undefined {
    if (this.isOutdated(step)) this.#update(step);
    return this.#pubs.get(step);
  }

  /** The version of an output, as steps below see it. */
  outputVersion(step: number, output: string): string | undefined {
    const single = output === 'result' ? this.#single[step] : undefined;
    if (single !== undefined) return single;
    const content = this.#contents.get(step);
    if (content !== undefined) return content.get(output);
    const version = this.version(step);
    if (version === undefined || this.#isVolatile(step)) return undefined;
    const computed = outputVersion(version, output, this.#pubs.get(step));
    if (output === 'result') this.#single[step] = computed;
    return computed;
  }

  /** Computes the version of a step from what its upstreams have now; gives it. */
  resolve(index: number): string | undefined {
    const before = this.isOutdated(index) ? undefined : this.#versions[index];
    if (this.#outdated !== undefined) this.#outdated[index] = 0;
    const text = this.#keyText(this.#step(index), undefined);
    const version = text === undefined ? undefined : sha256(text);
    this.#sharing?.move(index, before, version);
    this.#versions[index] = version;
    this.#single[index] = undefined;
    const pub = version === undefined || this.#pins.size === 0 ? undefined : this.#pins.get(version);
    if (pub !== undefined) this.#pubs.set(index, pub);
    else if (this.#pubs.size > 0) this.#pubs.delete(index);
    return version;
  }

  /** Says that the version of a step is another one now, and so are those of all steps below, of which the same is said. */
  outdate(index: number): void {
    if (this.isOutdated(index)) return;
    this.#outdated ??= new Uint8Array(this.#versions.length);
    this.#outdated[index] = 1;
    this.#sharing?.move(index, this.#versions[index], undefined);
    this.#single[index] = undefined;
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
      this.#single[index] = undefined;
    }
  }

  /** The steps that have a version. */
  stepsWith(version: string): ReadonlySet<number> {
    this.#sharing ??= new VersionIndex(this.#versions);
    return this.#sharing.stepsWith(version);
  }

  /** Says what a volatile step gave, by output; absent outputs have no entry. */
  setContent(index: number, digests: ReadonlyMap<string, string>): void {
    const { op } = this.#step(index);
    const owner = { namespace: this.#head(op)?.code.namespace ?? namespaceOf(op), name: op.name };
    const versions = [...digests].map(([output, digest]) => [output, contentVersion(owner, output, digest)] as const);
    versions.push(['', contentVersion(owner, '', [...digests].map(([name, digest]) => `${name}=${digest}`).join(' '))]);
    this.#contents.set(index, new Map(versions));
    this.#single[index] = undefined;
  }

  /**
   * The key of a step by content: what upstream outputs hold in place of which versions they have. Two steps with one content key
   * give the same result. Steps that come before without being read enter by the version under which they really ran, because what
   * they did to the world is not in what they gave.
   */
  contentKey(index: number, contents: KnownContents): string | undefined {
    const text = this.#keyText(this.#step(index), contents);
    return text === undefined ? undefined : sha256(`memo.content-key/1;${text}`);
  }

  /** Says that a volatile step is to run again: nothing is known of what it gives. */
  forgetContent(index: number): void {
    this.#contents.delete(index);
  }

  /** The code that a step runs, as its record names it. */
  code(index: number): StepVersionRecord['op'] | undefined {
    return this.#head(this.#step(index).op)?.code;
  }

  /** The record behind the version that a step has now. */
  record(index: number): StepVersionRecord | undefined {
    const step = this.#step(index);
    const ingredients = this.#inputs.ops.get(step.op);
    const inputs: Record<string, InputRecord> = {};
    for (const [at, source] of step.sources.entries()) {
      const record = this.#inputRecord(source);
      if (record === undefined) return undefined;
      writeField(inputs, step.names[at] as string, record);
    }
    const tail = this.#tail(step);
    if (ingredients === undefined || tail === undefined) return undefined;
    const op = this.code(index) as StepVersionRecord['op'];
    const config = valueRecord(step.config, `op "${step.op.name}"`);
    const schema = this.#inputs.schema as StepVersionRecord['schema'];
    return { schema, op, config, resources: ingredients.resources, inputs, ...tail };
  }

  #step(index: number): ExecutionStep {
    return this.#inputs.plan.steps[index] as ExecutionStep;
  }

  #isVolatile(step: number): boolean {
    return this.#inputs.volatile(this.#step(step));
  }

  /** The same text as `recordKey(record)`, without building the record; with `contents` by those. */
  #keyText(step: ExecutionStep, contents: KnownContents | undefined): string | undefined {
    const head = this.#head(step.op);
    if (head === undefined) return undefined;
    let text = step.config === EMPTY_CONFIG ? head.plain : this.#headText(step);
    const { sources } = step;
    if (head.named?.names !== step.names) head.named = { names: step.names, texts: step.names.map(part) };
    const { texts } = head.named;
    text += `I${sources.length};`;
    for (let at = 0; at < sources.length; at++) {
      const key = this.#sourceKey(sources[at] as InputSource, contents?.digestOf);
      if (key === undefined) return undefined;
      text += texts[at] as string;
      text += key;
    }
    const tail = this.#tail(step, contents?.ranAs);
    if (tail === NO_TAIL) return text;
    return tail === undefined ? undefined : text + tailKey(tail);
  }

  #head(op: OpDefinition): OpHead | undefined {
    const known = this.#heads.get(op);
    if (known !== undefined) return known;
    const ingredients = this.#inputs.ops.get(op);
    if (ingredients === undefined) return undefined;
    const { resources, code: version, by } = ingredients;
    const code = { namespace: namespaceOf(op), name: op.name, code: version, by };
    const plain = recordHead({ op: code, config: NO_CONFIG, resources }, this.#inputs.schema);
    const head = { plain, code };
    this.#heads.set(op, head);
    return head;
  }

  #headText(step: ExecutionStep): string {
    const { resources } = this.#inputs.ops.get(step.op) as OpIngredients;
    const { code: op } = this.#head(step.op) as OpHead;
    const config = valueRecord(step.config, `op "${step.op.name}"`);
    return recordHead({ op, config, resources }, this.#inputs.schema);
  }

  #sourceKey(source: InputSource, digestOf: DigestOf | undefined): string | undefined {
    if (source.kind === 'output') return this.#outputKey(source, digestOf);
    if (source.kind === 'literal') return literalKey(source);
    let text = `L${source.items.length};`;
    for (const item of source.items) {
      const key = item.kind === 'output' ? this.#outputKey(item, digestOf) : literalKey(item);
      if (key === undefined) return undefined;
      text += key;
    }
    return text;
  }

  #outputKey(source: OutputSource, digestOf: DigestOf | undefined): string | undefined {
    if (digestOf !== undefined) {
      const digest = digestOf(source.step, source.output);
      return digest === undefined ? undefined : `O${part(digest)}`;
    }
    const version = this.outputVersion(source.step, source.output) ?? this.#absentVersion(source.step, source.output);
    return version === undefined ? undefined : `O${version}`;
  }

  /** An absent output of a volatile step that ran has a version too: consumers that drop it depend on its absence. */
  #absentVersion(step: number, output: string): string | undefined {
    const content = this.#contents.get(step);
    if (content === undefined || content.has(output)) return undefined;
    const { op } = this.#step(step);
    return contentVersion({ namespace: namespaceOf(op), name: op.name }, output, 'absent');
  }

  #inputRecord(source: InputSource): InputRecord | undefined {
    if (source.kind === 'literal') return { from: 'literal', literal: valueRecord(source.literal, 'a literal') };
    if (source.kind === 'output') {
      const output = this.upstream(source.step, source.output);
      return output === undefined ? undefined : { from: 'output', output };
    }
    const items: (UpstreamRecord | ValueRecord)[] = [];
    for (const item of source.items) {
      const record =
        item.kind === 'literal' ? valueRecord(item.literal, 'a literal') : this.upstream(item.step, item.output);
      if (record === undefined) return undefined;
      items.push(record);
    }
    return { from: 'list', items };
  }

  /** How a record names an output of a step; `''` stands for the step as a whole. */
  upstream(step: number, output: string): UpstreamRecord | undefined {
    const { id, op } = this.#step(step);
    if (this.#contents.has(step)) {
      const version = this.outputVersion(step, output) ?? this.#absentVersion(step, output);
      return version === undefined ? undefined : { step: id, op: op.name, output, version, form: 'content' };
    }
    const version = this.version(step);
    if (version === undefined || this.#isVolatile(step)) return undefined;
    const pub = this.#pubs.get(step);
    const record = { step: id, op: op.name, output, version };
    return pub === undefined ? record : { ...record, pub };
  }

  #tail(
    step: ExecutionStep,
    ranAs: KnownContents['ranAs'] = () => undefined,
  ): Pick<StepVersionRecord, 'after' | 'env' | 'salt' | 'effect'> | undefined {
    const { env, effect } = step.op;
    if (step.after.length === 0 && env.length === 0 && step.policy.salt === undefined && !effect) return NO_TAIL;
    const after = step.after.map((index) => ranAs(index) ?? this.upstream(index, ''));
    if (after.includes(undefined)) return undefined;
    return {
      ...(after.length === 0 ? {} : { after: after.filter((record) => record !== undefined) }),
      ...(env.length === 0
        ? {}
        : { env: Object.fromEntries(env.map((entry) => [entry.name, environmentDigest(entry)])) }),
      ...(step.policy.salt === undefined ? {} : { salt: step.policy.salt }),
      ...(effect ? { effect: { job: this.#inputs.plan.job, step: step.id } } : {}),
    };
  }
}

/** What all steps of an op share: the beginning of their key where they have no config, and the code as records name it. */
interface OpHead {
  readonly plain: string;
  readonly code: StepVersionRecord['op'];
  /** The names of the inputs of the step that was looked at last, and as they enter: most steps of an op have the same. */
  named?: { readonly names: readonly string[]; readonly texts: readonly string[] };
}

type DigestOf = KnownContents['digestOf'];

const NO_TAIL = {};
const NO_CONFIG = valueRecord(EMPTY_CONFIG, 'a step');

function literalKey(source: LiteralSource): string {
  return `V${part(source.literal.key)}`;
}
