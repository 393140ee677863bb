import { namespaceOf } from '../definitions/namespace.ts';
import type { OpDefinition } from '../definitions/op-definition.ts';
import { contentVersion } from './record-key.ts';

/** What volatile steps gave in a run: the versions of their outputs follow from it. */
export class VolatileContents {
  readonly #byStep = new Map<number, ReadonlyMap<string, string>>();

  /** How many of them have run. */
  get size(): number {
    return this.#byStep.size;
  }

  /** True for a step that has run. */
  has(step: number): boolean {
    return this.#byStep.has(step);
  }

  /** Says what a step gave, by output; absent outputs have no entry. */
  set(step: number, op: OpDefinition, digests: ReadonlyMap<string, string>): void {
    const owner = ownerOf(op);
    const versions = [...digests].map(([output, digest]) => [output, contentVersion(owner, output, digest)] as const);
    versions.push(['', contentVersion(owner, '', [...digests].map(([name, digest]) => `${name}=${digest}`).join(' '))]);
    this.#byStep.set(step, new Map(versions));
  }

  /** Says that a step is to run again. */
  forget(step: number): void {
    this.#byStep.delete(step);
  }

  /** The version of an output that a step gave. */
  version(step: number, output: string): string | undefined {
    return this.#byStep.get(step)?.get(output);
  }

  /** The version of an output that a step left out: consumers that drop it depend on its absence. */
  absentVersion(step: number, op: OpDefinition, output: string): string | undefined {
    const content = this.#byStep.get(step);
    return content === undefined || content.has(output) ? undefined : contentVersion(ownerOf(op), output, 'absent');
  }
}

function ownerOf(op: OpDefinition): { readonly namespace: string; readonly name: string } {
  return { namespace: namespaceOf(op), name: op.name };
}
