import type { ContextScope } from '../plan/output-contexts.ts';
import { StepOutputContext } from '../plan/output-contexts.ts';
import type { MemoryIOManager } from '../stored/memory-io-manager.ts';
import { type ExecutionPlan, forEachOutput } from '../trace/execution-plan.ts';

/** What releasing works with. */
export interface ReleaseScope {
  readonly plan: ExecutionPlan;
  readonly scope: ContextScope;
  /** The memory that holds the outputs that belong to this run only. */
  readonly memory: MemoryIOManager;
}

/**
 * Lets go of values that only this run can see, as soon as the last step that reads them is over. What the job returns is kept for as
 * long as the result.
 */
export class ValueRelease {
  readonly #options: ReleaseScope;
  /** For each output that is read: how many reading steps are left. */
  #readers: Map<string, number> | undefined;
  readonly #returned = new Set<string>();

  constructor(options: ReleaseScope) {
    this.#options = options;
  }

  /** Says that a step is over. */
  settled(step: number): void {
    if (this.#options.memory.bytes === 0) return;
    const readers = this.#countReaders();
    for (const key of this.#readBy(step)) {
      const left = (readers.get(key) ?? 0) - 1;
      readers.set(key, left);
      if (left === 0) this.#drop(key);
    }
    for (const { name } of this.#options.plan.steps[step]?.op.outputs ?? []) {
      const key = keyOf(step, name);
      if (!readers.has(key)) this.#drop(key);
    }
  }

  /** Counted when the first value is held: most runs keep nothing of their own. */
  #countReaders(): Map<string, number> {
    if (this.#readers !== undefined) return this.#readers;
    const { plan } = this.#options;
    const readers = new Map<string, number>();
    for (const { index } of plan.steps) {
      for (const key of this.#readBy(index)) readers.set(key, (readers.get(key) ?? 0) + 1);
    }
    const open = [...plan.results.values()];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.kind === 'output') this.#returned.add(keyOf(node.step, node.output));
      else open.push(...(node.kind === 'list' ? node.items : node.fields.values()));
    }
    this.#readers = readers;
    return readers;
  }

  #drop(key: string): void {
    if (this.#returned.has(key)) return;
    const { plan, scope, memory } = this.#options;
    const [index = '', output = ''] = key.split(':');
    const step = plan.steps[Number(index)];
    if (step !== undefined) memory.deleteOutput(new StepOutputContext(scope, step, { output, version: undefined }));
  }

  #readBy(step: number): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const source of this.#options.plan.steps[step]?.sources ?? []) {
      forEachOutput(source, (from) => keys.add(keyOf(from.step, from.output)));
    }
    return keys;
  }
}

function keyOf(step: number, output: string): string {
  return `${step}:${output}`;
}
