import type { Clock } from '../definitions/clock.ts';
import { placeOf } from '../definitions/definition-site.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { MemoError, messageOf } from '../errors/memo-error.ts';
import { type EventStream, eventError } from '../events/event-stream.ts';
import type { Log } from '../io/io-contexts.ts';
import type { PlannedResource, PlannedResources } from '../versions/planned-resources.ts';
import type { CancelGrace } from './cancel-grace.ts';

/** What a scope of resources works with. */
export interface ResourceScopeOptions {
  readonly resources: PlannedResources;
  readonly events: EventStream;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly grace: CancelGrace;
  readonly logFor: (resource: string) => Log;
}

/** The live resources of one run: each is set up once, when a step first requires it, after those that it requires itself. */
export class ResourceScope {
  readonly #options: ResourceScopeOptions;
  readonly #live = new Map<string, Promise<unknown>>();
  /** In the order in which setups ended; torn down in reverse. */
  readonly #made: { readonly resource: PlannedResource; readonly value: unknown }[] = [];

  #isClosed = false;

  constructor(options: ResourceScopeOptions) {
    this.#options = options;
  }

  /**
   * The resources that an op requires, by the name under which it reads them; at once where it requires none.
   *
   * @throws MemoError M3008 when one cannot be set up.
   */
  instancesFor(op: OpDefinition): Instances | Promise<Instances> {
    const uses = Object.entries(op.uses);
    return uses.length === 0 ? NO_INSTANCES : this.#instances(uses);
  }

  async #instances(uses: readonly (readonly [string, { readonly name: string }])[]): Promise<Instances> {
    const instances: Record<string, unknown> = {};
    for (const [use, { name }] of uses) instances[use] = await this.#instance(name);
    return Object.freeze(instances);
  }

  /**
   * Tears down in reverse order, all of them, whatever fails; of a cancelled run, whatever hangs. A setup that still goes on is not waited
   * for: what it makes is torn down when it is there.
   *
   * @returns M3009 for each that failed.
   */
  async close(): Promise<readonly MemoError[]> {
    this.#isClosed = true;
    const errors: MemoError[] = [];
    for (const { resource, value } of this.#made.splice(0).reverse()) {
      const error = await this.#tearDown(resource, value);
      if (error !== undefined) errors.push(error);
    }
    this.#live.clear();
    return errors;
  }

  #instance(name: string): Promise<unknown> {
    const known = this.#live.get(name);
    if (known !== undefined) return known;
    const made = this.#make(this.#options.resources.get(name) as PlannedResource);
    this.#live.set(name, made);
    return made;
  }

  async #make(resource: PlannedResource): Promise<unknown> {
    if (resource.provided !== undefined) return resource.provided.value;
    const use: Record<string, unknown> = {};
    for (const [key, name] of Object.entries(resource.uses)) use[key] = await this.#instance(name);
    const { clock, events, signal, logFor } = this.#options;
    const start = clock.elapsed();
    const { setup } = resource.definition;
    signal.throwIfAborted();
    try {
      const context = { config: resource.config.fresh(), use: Object.freeze(use), log: logFor(resource.name), signal };
      const value: unknown = await setup?.(context as never);
      if (this.#isClosed) await this.#tearDown(resource, value);
      else this.#made.push({ resource, value });
      events.emit({ type: 'resource.setup', resource: resource.name, durationMs: clock.elapsed() - start });
      return value;
    } catch (cause) {
      events.emit({
        type: 'resource.setup',
        resource: resource.name,
        durationMs: clock.elapsed() - start,
        error: eventError(cause),
      });
      throw new MemoError('M3008', `Resource "${resource.name}" could not be set up: ${messageOf(cause)}`, {
        fix: 'Fix its setup or its config; steps that require it cannot run.',
        place: placeOf(resource.definition.site),
        details: { resource: resource.name },
        cause,
      });
    }
  }

  async #tearDown(resource: PlannedResource, value: unknown): Promise<MemoError | undefined> {
    const { teardown } = resource.definition;
    if (teardown === undefined) return undefined;
    const { clock, events, grace } = this.#options;
    const start = clock.elapsed();
    const late = (): never => {
      throw new Error(`it had not ended ${grace.graceMs} ms after the run was cancelled`);
    };
    try {
      await grace.within(Promise.resolve(teardown(value as never)), { from: 'call', late });
      events.emit({ type: 'resource.teardown', resource: resource.name, durationMs: clock.elapsed() - start });
      return undefined;
    } catch (cause) {
      events.emit({
        type: 'resource.teardown',
        resource: resource.name,
        durationMs: clock.elapsed() - start,
        error: eventError(cause),
      });
      return new MemoError('M3009', `Resource "${resource.name}" could not be torn down: ${messageOf(cause)}`, {
        because: 'Results are kept; what the resource held may still be open.',
        fix: 'Fix its teardown.',
        place: placeOf(resource.definition.site),
        details: { resource: resource.name },
        cause,
      });
    }
  }
}

type Instances = Readonly<Record<string, unknown>>;

const NO_INSTANCES: Instances = Object.freeze({});
