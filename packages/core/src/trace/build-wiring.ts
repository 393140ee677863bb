import { captureSite, type DefinitionSite, placeOf } from '../definitions/definition-site.ts';
import type { StepOptions } from '../definitions/op.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { POLICY_KEYS, type Policy, type ResolvedPolicy, resolvePolicy } from '../definitions/policy.ts';
import {
  type AfterTarget,
  makeOutputs,
  makeRef,
  type Ref,
  stepTargetOf,
  type Target,
  targetOf,
} from '../definitions/reference.ts';
import type { Wiring } from '../definitions/wiring.ts';
import { MemoError, type Place, withPlace } from '../errors/memo-error.ts';
import { type ConfigValue, configValue, EMPTY_CONFIG, validateConfig } from './config-value.ts';
import { nearest } from './did-you-mean.ts';
import { describeArgument, type InputReader, isReference, pathOfReference, readInputs } from './read-inputs.ts';
import { idOf, StepIds } from './step-ids.ts';
import { StepTable, type TracedUse } from './step-table.ts';

const STEP_ID = /^[A-Za-z0-9_.-]{1,200}$/;
const STEP_OPTIONS: readonly string[] = ['id', 'config', 'after', ...POLICY_KEYS];

/** What the wiring of a build is told about its job. */
export interface BuildOptions {
  readonly defaults: Policy | undefined;
  /** Keep the position of every step, for errors. Costs some microseconds a step. */
  readonly located: boolean;
}

/**
 * Records the steps of one `build`. Nothing is thrown for a wrong step: all errors of a job are gathered and reported together.
 */
export class BuildWiring implements Wiring, TargetOwner {
  readonly table: StepTable = new StepTable();
  readonly errors: MemoError[] = [];
  readonly #options: BuildOptions;
  readonly #ids = new StepIds();
  readonly #policies = new Map<OpDefinition, ResolvedPolicy>();
  #site: DefinitionSite | undefined;
  /** By op, that of its last step. */
  readonly #uses = new Map<OpDefinition, { readonly use: TracedUse; readonly number: number }>();
  #reader: (InputReader & { op: OpDefinition; named: number | string }) | undefined;

  constructor(options: BuildOptions) {
    this.#options = options;
  }

  addStep(definition: OpDefinition, input: unknown, options: unknown): unknown {
    this.#site = this.#options.located ? captureSite(this.addStep) : undefined;
    const given = this.#checkOptions(definition, options);
    const { table } = this;
    const index = table.count;
    const named = given.id === undefined ? this.#ids.next(definition.name) : this.#explicitId(definition, given.id);
    table.sources.begin();
    const names = readInputs(input, this.#readerFor(definition, named));
    const after = given.after === undefined ? NO_STEPS : this.#after(idOf(definition.name, named), given.after);
    const config = this.#config(definition, named, given.config);
    const policy = this.#policy(definition, given);
    table.sources.end();
    table.add(this.#numberOf({ op: definition, names, after, config, policy, site: this.#site }), named);
    return this.#result(definition, index);
  }

  /** That of the use of the last step of an op where it differs in nothing, as most of a large build do. */
  #numberOf(use: TracedUse): number {
    const last = this.#uses.get(use.op);
    if (last !== undefined && isSameUse(last.use, use)) return last.number;
    const number = this.table.addUse(use);
    this.#uses.set(use.op, { use, number });
    return number;
  }

  /** The id of a step that was made. */
  idOf(step: number): string {
    return this.table.id(step);
  }

  /** The position of the step that is being added, where positions are kept. */
  readonly place = (): Place | undefined => placeOf(this.#site);

  readonly #fail = (error: MemoError): void => {
    this.errors.push(error);
  };

  /** One reader for all steps: making one for each would be a good part of the cost of a step. */
  #readerFor(definition: OpDefinition, named: number | string): InputReader {
    this.#reader ??= {
      op: definition,
      named,
      get step() {
        return idOf(this.op.name, this.named);
      },
      owner: this,
      sources: this.table.sources,
      fail: this.#fail,
      place: this.place,
      names: new Map(),
    };
    this.#reader.op = definition;
    this.#reader.named = named;
    return this.#reader;
  }

  #checkOptions(definition: OpDefinition, options: unknown): StepOptions<unknown> {
    if (options === undefined) return NO_OPTIONS;
    if (typeof options !== 'object' || options === null || isReference(options)) {
      const problem = `Op "${definition.name}" got ${describeArgument(options)} as its options.`;
      this.#failOptions(definition, problem, 'Pass the inputs by name first, then the options: { id, config, … }.');
      return {};
    }
    const unknown = Object.keys(options).find((key) => !STEP_OPTIONS.includes(key));
    if (unknown === undefined) return options as StepOptions<unknown>;
    const meant = nearest(unknown, STEP_OPTIONS);
    const fix = meant === undefined ? 'Inputs are the first argument, options the second.' : `Did you mean "${meant}"?`;
    this.#failOptions(
      definition,
      `Op "${definition.name}" got the step option "${unknown}", which does not exist.`,
      fix,
    );
    return {};
  }

  #failOptions(definition: OpDefinition, problem: string, fix: string): void {
    const because = `Step options are ${STEP_OPTIONS.join(', ')}.`;
    this.#fail(
      new MemoError('M2107', problem, { because, fix, place: this.place(), details: { op: definition.name } }),
    );
  }

  #explicitId(definition: OpDefinition, id: string): string {
    if (typeof id !== 'string' || !STEP_ID.test(id)) {
      this.#fail(
        this.#idError(
          `Step id ${JSON.stringify(id)} of op "${definition.name}" is not a name.`,
          'Use 1 to 200 of A-Z a-z 0-9 _ . -',
        ),
      );
    } else if (this.#ids.has(id)) {
      const first = placeOf(this.table.all().find((step) => step.id === id)?.site);
      const where = first === undefined ? '' : ` The first is at ${first.file}:${first.line ?? 1}.`;
      this.#fail(
        this.#idError(`Two steps have the id "${id}".${where}`, `Give one of them another id: { id: '${id}_other' }.`),
      );
    }
    this.#ids.give(id);
    return id;
  }

  #idError(problem: string, fix: string): MemoError {
    return new MemoError('M2102', problem, { fix, place: this.place() });
  }

  #config(definition: OpDefinition, named: number | string, given: unknown): ConfigValue {
    if (definition.config === undefined && given === undefined) return EMPTY_CONFIG;
    const id = idOf(definition.name, named);
    const nested = pathOfReference(given, '');
    if (nested !== undefined) {
      this.#fail(configReference(id, nested, this.place()));
      return EMPTY_CONFIG;
    }
    const owner = { name: `step "${id}"`, secret: definition.secret, place: this.place };
    return this.#orReport(
      () => configValue(validateConfig(definition.config, given, owner), `config of ${id}`, definition.secret),
      EMPTY_CONFIG,
    );
  }

  #policy(definition: OpDefinition, given: StepOptions<unknown>): ResolvedPolicy {
    const plain = given === NO_OPTIONS || POLICY_KEYS.every((key) => given[key] === undefined);
    const known = plain ? this.#policies.get(definition) : undefined;
    if (known !== undefined) return known;
    const policy = resolvePolicy(`a step of op "${definition.name}"`, this.#options.defaults, definition.policy, given);
    if (plain) this.#policies.set(definition, policy);
    return policy;
  }

  #after(id: string, after: NonNullable<StepOptions<unknown>['after']>): readonly (number | string)[] {
    const targets: readonly AfterTarget[] = Array.isArray(after) ? after : [after as AfterTarget];
    return targets.flatMap((target): readonly (number | string)[] => {
      if (typeof target === 'string') return [target];
      const found = targetOf(target) ?? stepTargetOf(target);
      if (found?.owner === this) return [found.step];
      this.#fail(
        new MemoError(
          found === undefined ? 'M2107' : 'M2111',
          `\`after\` of step "${id}" holds something that is not a step of this build().`,
          {
            fix: "Pass the result of an op of the same build(), or a step's id.",
            place: this.place(),
            details: { step: id },
          },
        ),
      );
      return [];
    });
  }

  #result(definition: OpDefinition, step: number): unknown {
    if (definition.single) return makeRef(new StepTarget(this, step, 'result'));
    const whole = new StepTarget(this, step, undefined);
    if (definition.outputs.length === 0) return makeRef(whole);
    const refs: Record<string, Ref<unknown>> = {};
    for (const { name } of definition.outputs) refs[name] = makeRef(new StepTarget(this, step, name));
    return makeOutputs(whole, refs);
  }

  #orReport<T>(compute: () => T, otherwise: T): T {
    try {
      return compute();
    } catch (error) {
      if (!MemoError.is(error)) throw error;
      this.#fail(withPlace(error, this.place()));
      return otherwise;
    }
  }
}

function isSameUse(a: TracedUse, b: TracedUse): boolean {
  return (
    a.names === b.names && a.after === b.after && a.config === b.config && a.policy === b.policy && a.site === b.site
  );
}

/** A build, as what it made knows it. */
interface TargetOwner {
  /** The id of the step that was made so manieth. */
  idOf(step: number): string;
}

/** What a reference stands for: an output of a step, or a step as a whole. */
class StepTarget implements Target {
  readonly owner: TargetOwner;
  readonly step: number;
  readonly output: string | undefined;

  constructor(owner: TargetOwner, step: number, output: string | undefined) {
    this.owner = owner;
    this.step = step;
    this.output = output;
  }

  get stepId(): string {
    return this.owner.idOf(this.step);
  }

  locate(): Place | undefined {
    return placeOf(captureSite(this.locate));
  }
}

const NO_OPTIONS: StepOptions<unknown> = Object.freeze({});
const NO_STEPS: readonly number[] = Object.freeze([]);

function configReference(step: string, path: string, place: Place | undefined): MemoError {
  return new MemoError('M2106', `The config of step "${step}" holds a reference${path === '' ? '' : ` at ${path}`}.`, {
    because: 'A config is known when the job is wired; what a step gives is not.',
    fix: 'Wire it as an input.',
    place,
    details: { step },
  });
}
