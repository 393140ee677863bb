import type { AnyFunction, OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import { type Digest, digestJson } from './digest.ts';

type Context = OpVersionContext | ResourceVersionContext;

/** Questions about definitions, each by all that decides its answer beside what is on disk: where it was made, and its functions in memory. */
export class Questions {
  /** Names the definitions as they are called, whatever their code is: the same again and again in the life of a program. */
  readonly name: Digest;
  /** Stands for all questions, in their order. */
  readonly digest: Digest;
  readonly #contexts: readonly Context[];
  readonly #parts: readonly unknown[];
  #keys: readonly Digest[] | undefined;

  /** `more` says what is asked of each definition. */
  constructor(kind: string, contexts: readonly Context[], more: readonly string[]) {
    this.name = digestJson([kind, ...contexts.map(nameOf).sort()]);
    this.#contexts = contexts;
    this.#parts = contexts.map((context, at) => partsOf(context, more[at] ?? ''));
    this.digest = digestJson(this.#parts);
  }

  /** Stands for each question by itself. */
  get keys(): readonly Digest[] {
    this.#keys ??= this.#parts.map(digestJson);
    return this.#keys;
  }

  /** The files that the definitions were made by. */
  get definitions(): ReadonlySet<string> {
    return new Set(this.#contexts.flatMap(({ definition }) => definition.frames.map(({ file }) => file)));
  }
}

function nameOf(context: Context): string {
  return context.kind === 'op' ? `op ${context.namespace}/${context.name}` : `resource ${context.name}`;
}

function partsOf(context: Context, more: string): readonly unknown[] {
  const { kind, name, definition } = context;
  const place = definition.calls ?? [definition.stack, definition.frames];
  return [kind, name, place, ...functionTexts(context), more];
}

/** The texts of the functions of a definition: of one for an op, of two for a resource. */
export function functionTexts(context: Context): readonly (string | null)[] {
  return context.kind === 'op' ? [textOf(context.run)] : [textOf(context.setup), textOf(context.teardown)];
}

function textOf(run: AnyFunction | undefined): string | null {
  return run === undefined ? null : Function.prototype.toString.call(run);
}
