import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { sha256 } from '../hash/digest.ts';
import { writeField } from '../hash/record-fields.ts';
import { EMPTY_CONFIG } from '../trace/config-value.ts';
import type {
  ExecutionPlan,
  ExecutionStep,
  InputSource,
  LiteralSource,
  OutputSource,
} from '../trace/execution-plan.ts';
import { environmentDigest } from './environment-digest.ts';
import { contentVersion, outputVersion, part, recordHead, tailKey } from './record-key.ts';
import type {
  InputRecord,
  ResourceRecord,
  StepVersionRecord,
  UpstreamRecord,
  ValueRecord,
} from './step-version-record.ts';
import { valueRecord } from './value-record.ts';

/** What is known of an op before its steps are looked at. */
export interface OpIngredients {
  readonly code: string;
  readonly by: string;
  readonly resources: { readonly [use: string]: ResourceRecord };
}

/** What the versions of a plan's steps are computed from. */
export interface VersionInputs {
  readonly plan: ExecutionPlan;
  /** By op; an op without an entry has no version, and neither do its steps. */
  readonly ops: ReadonlyMap<OpDefinition, OpIngredients>;
  /** Steps whose results are never shared: their outputs are known by content, once they ran. */
  readonly volatile: (step: ExecutionStep) => boolean;
  /** The generation of each step version that was bound again. What others pin later does not count. */
  readonly pins: ReadonlyMap<string, string>;
  /** The schema of the records. */
  readonly schema: string;
}

/** What is known of the contents behind versions. */
export interface KnownContents {
  /** The content digest of an output; `absent` for one that was left out, `undefined` when nobody knows it. */
  readonly digestOf: (step: number, output: string) => string | undefined;
  /** The earlier step that a step is bound to without having run, if it is. */
  readonly ranAs: (step: number) => UpstreamRecord | undefined;
}

/**
 * The versions of all steps of a plan, computed once in topological order and frozen; a step below a volatile one has none until
 * that has run. During a run, {@link rebind} and {@link setContent} say what became known, and {@link resolve} follows.
 */
export class StepVersions {
  readonly #inputs: VersionInputs;
  readonly #versions: (string | undefined)[];
  readonly #pubs: Map<number, string>;
  readonly #pins: Map<string, string>;
  readonly #single: (string | undefined)[];
  readonly #contents = new Map<number, ReadonlyMap<string, string>>();
  readonly #heads: Map<OpDefinition, { readonly plain: string; readonly namespace: string }>;

  constructor(inputs: VersionInputs, like?: StepVersions) {
    this.#inputs = inputs;
    const { steps } = inputs.plan;
    const unknown = (): (string | undefined)[] => Array.from({ length: steps.length });
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
    return this.#versions[step];
  }

  /** The generation of a step whose version was bound again. */
  pub(step: number): string | undefined {
    return this.#pubs.get(step);
  }

  /** The version of an output, as steps below see it. */
  outputVersion(step: number, output: string): string | undefined {
    const single = output === 'result' ? this.#single[step] : undefined;
    if (single !== undefined) return single;
    const content = this.#contents.get(step);
    if (content !== undefined) return content.get(output);
    const version = this.#versions[step];
    if (version === undefined || this.#isVolatile(step)) return undefined;
    const computed = outputVersion(version, output, this.#pubs.get(step));
    if (output === 'result') this.#single[step] = computed;
    return computed;
  }

  /** Computes the version of a step from what its upstreams have now; gives it. */
  resolve(index: number): string | undefined {
    const step = this.#step(index);
    const text = this.#keyText(step, undefined);
    const version = text === undefined ? undefined : sha256(text);
    this.#versions[index] = version;
    this.#single[index] = undefined;
    const pub = version === undefined ? undefined : this.#pins.get(version);
    if (pub === undefined) this.#pubs.delete(index);
    else this.#pubs.set(index, pub);
    return version;
  }

  /** The generation that a step version is pinned to. */
  pin(version: string): string | undefined {
    return this.#pins.get(version);
  }

  /** Says that a step version is bound to a new generation, for all steps that have it. */
  rebind(version: string, pub: string): void {
    this.#pins.set(version, pub);
    for (const [index, other] of this.#versions.entries()) {
      if (other !== version) continue;
      this.#pubs.set(index, pub);
      this.#single[index] = undefined;
    }
  }

  /** Says what a volatile step gave, by output; absent outputs have no entry. */
  setContent(index: number, digests: ReadonlyMap<string, string>): void {
    const { op } = this.#step(index);
    const owner = { namespace: this.#head(op)?.namespace ?? namespaceOf(op), name: op.name };
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
    const { op } = this.#step(index);
    const ingredients = this.#inputs.ops.get(op);
    if (ingredients === undefined) return undefined;
    return { namespace: namespaceOf(op), name: op.name, code: ingredients.code, by: ingredients.by };
  }

  /** The record behind the version that a step has now. */
  record(index: number): StepVersionRecord | undefined {
    const step = this.#step(index);
    const ingredients = this.#inputs.ops.get(step.op);
    const inputs: Record<string, InputRecord> = {};
    for (const { name, source } of step.inputs) {
      const record = this.#inputRecord(source);
      if (record === undefined) return undefined;
      writeField(inputs, name, record);
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
    text += `I${step.inputs.length};`;
    for (const { name, source } of step.inputs) {
      const key = this.#sourceKey(source, contents?.digestOf);
      if (key === undefined) return undefined;
      text += part(name) + key;
    }
    const tail = this.#tail(step, contents?.ranAs);
    if (tail === NO_TAIL) return text;
    return tail === undefined ? undefined : text + tailKey(tail);
  }

  #head(op: OpDefinition): { readonly plain: string; readonly namespace: string } | undefined {
    const known = this.#heads.get(op);
    if (known !== undefined) return known;
    const ingredients = this.#inputs.ops.get(op);
    if (ingredients === undefined) return undefined;
    const { resources, code, by } = ingredients;
    const owner = { namespace: namespaceOf(op), name: op.name, code, by };
    const plain = recordHead({ op: owner, config: NO_CONFIG, resources }, this.#inputs.schema);
    const head = { plain, namespace: owner.namespace };
    this.#heads.set(op, head);
    return head;
  }

  #headText(step: ExecutionStep): string {
    const { code, by, resources } = this.#inputs.ops.get(step.op) as OpIngredients;
    const op = { namespace: this.#head(step.op)?.namespace ?? '', name: step.op.name, code, by };
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
    const version = this.#versions[step];
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

type DigestOf = KnownContents['digestOf'];

const NO_TAIL = {};
const NO_CONFIG = valueRecord(EMPTY_CONFIG, 'a step');

function literalKey(source: LiteralSource): string {
  return `V${part(source.literal.key)}`;
}
