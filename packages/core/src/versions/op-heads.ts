import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { EMPTY_CONFIG } from '../trace/config-value.ts';
import type { StepUse } from '../trace/execution-plan.ts';
import { part, recordHead } from './record-key.ts';
import type { StepVersionRecord } from './step-version-record.ts';
import { valueRecord } from './value-record.ts';
import type { OpIngredients, VersionInputs } from './version-inputs.ts';

/** What all steps of an op share of the texts behind their versions. */
export interface OpHead {
  /** The code as records name it. */
  readonly code: StepVersionRecord['op'];
  /** The beginning of the text of steps that have no config, in UTF-8. */
  readonly plain: Uint8Array;
}

/** The beginnings of the texts behind versions, op by op. */
export class OpHeads {
  readonly #inputs: VersionInputs;
  readonly #heads = new Map<OpDefinition, OpHead>();
  #last: OpDefinition | undefined;
  #lastHead: OpHead | undefined;
  #names: InputNames | undefined;

  constructor(inputs: VersionInputs) {
    this.#inputs = inputs;
  }

  /** `undefined` for an op that has no version. */
  of(op: OpDefinition): OpHead | undefined {
    if (op === this.#last) return this.#lastHead;
    this.#last = op;
    this.#lastHead = this.#heads.get(op) ?? this.#make(op);
    return this.#lastHead;
  }

  #make(op: OpDefinition): OpHead | undefined {
    const ingredients = this.#inputs.ops.get(op);
    if (ingredients === undefined) return undefined;
    const { resources, code: version, by } = ingredients;
    const code = { namespace: namespaceOf(op), name: op.name, code: version, by };
    const plain = Buffer.from(recordHead({ op: code, config: NO_CONFIG, resources }, this.#inputs.schema));
    const head = { plain, code };
    this.#heads.set(op, head);
    return head;
  }

  /** The beginning of the text of a step of an op that has a version. */
  textOf(step: StepUse, head: OpHead): Uint8Array {
    if (step.config === EMPTY_CONFIG) return head.plain;
    const { resources } = this.#inputs.ops.get(step.op) as OpIngredients;
    const config = valueRecord(step.config, `op "${step.op.name}"`);
    return Buffer.from(recordHead({ op: head.code, config, resources }, this.#inputs.schema));
  }

  /** The names of inputs as they enter. Most steps of an op have the same. */
  names(names: readonly string[]): InputNames {
    if (this.#names?.names === names) return this.#names;
    const texts = names.map((name) => Buffer.from(part(name)));
    this.#names = { names, count: Buffer.from(`I${names.length};`), texts };
    return this.#names;
  }
}

/** The names of the inputs of a step in UTF-8, as they enter its version. */
export interface InputNames {
  readonly names: readonly string[];
  /** How many there are. */
  readonly count: Uint8Array;
  readonly texts: readonly Uint8Array[];
}

const NO_CONFIG = valueRecord(EMPTY_CONFIG, 'a step');
