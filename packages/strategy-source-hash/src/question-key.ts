import type { AnyFunction, OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import { byCodeUnits, type Digest, digestJson } from './digest.ts';

type Context = OpVersionContext | ResourceVersionContext;

/** Stands for all that decides the code of a definition beside what is on disk: where it was made, and the functions in memory. */
export function questionKey(context: Context, more: string): Digest {
  const { kind, name, definition } = context;
  const functions = kind === 'op' ? [context.run] : [context.setup, context.teardown];
  const frames = definition.frames.map(({ file, line, column, functionName }) => [file, line, column, functionName]);
  return digestJson([kind, name, definition.stack, frames, functions.map(textOf), more]);
}

/** Names definitions as they are called, whatever their code is: the same ones again and again in the life of a program. */
export function questionNames(contexts: readonly Context[]): readonly string[] {
  return contexts
    .map((context) => (context.kind === 'op' ? `op ${context.namespace}/${context.name}` : `resource ${context.name}`))
    .sort(byCodeUnits);
}

/** The files that definitions were made by. */
export function definitionPaths(contexts: readonly Context[]): ReadonlySet<string> {
  return new Set(contexts.flatMap(({ definition }) => definition.frames.map(({ file }) => file)));
}

function textOf(run: AnyFunction | undefined): string | null {
  return run === undefined ? null : Function.prototype.toString.call(run);
}
