import type { Binding } from '../records/binding.ts';
import type { ExecutionStep } from '../trace/execution-plan.ts';
import type { InputSource, OutputSource } from '../trace/input-source.ts';
import { committedByOutput, type StoredSteps } from './stored-steps.ts';

/** The content digest of an output; `absent` for one that was left out, `undefined` where nobody knows it. */
export type DigestOf = (step: number, output: string) => string | undefined;

/**
 * The first step of which a binding has consumed something else than it holds now; `undefined` where there is none. What one side does not know
 * contradicts nothing.
 */
export function contradictedBy(binding: Binding, step: ExecutionStep, digestOf: DigestOf): number | undefined {
  for (const { source, digest } of readsOf(step, binding)) {
    const ours = digestOf(source.step, source.output);
    if (ours !== undefined && digest !== ours) return source.step;
  }
  return undefined;
}

/** What those that read steps of one version say that they got of it: what it held once, where its own record is lost. */
export function consumedOf(twins: Iterable<number>, stored: StoredSteps): ReadonlySet<string> {
  const found = new Set<string>();
  for (const index of twins) {
    if (!committedByOutput(stored.step(index))) return found;
    for (const consumer of stored.plan.downstream.of(index)) {
      const binding = stored.entry(consumer)?.document();
      if (binding === undefined) continue;
      for (const { source, digest } of readsOf(stored.step(consumer), binding))
        if (source.step === index && digest !== 'absent') found.add(digest);
    }
  }
  return found;
}

/** True for a step that reads no other: whoever ran it read the same. */
export function readsNothing({ sources }: ExecutionStep): boolean {
  return sources.every((source) => itemsOf(source).every(({ kind }) => kind === 'literal'));
}

interface Read {
  readonly source: OutputSource;
  /** Content digest of what was read, or `absent`. */
  readonly digest: string;
}

/** What a binding says of each output that its step reads, as far as it says anything: it comes from a store that others write. */
function* readsOf({ names, sources }: ExecutionStep, { consumed }: Binding): Generator<Read> {
  if (typeof consumed !== 'object' || consumed === null) return;
  for (const [input, source] of sources.entries()) {
    const name = names[input] as string;
    const theirs = Object.hasOwn(consumed, name) ? consumed[name] : undefined;
    if (theirs === undefined) continue;
    for (const [at, item] of itemsOf(source).entries()) {
      const digest = (typeof theirs === 'string' ? theirs : theirs[at]) ?? 'absent';
      if (item.kind === 'output') yield { source: item, digest };
    }
  }
}

function itemsOf(source: InputSource): readonly Exclude<InputSource, { readonly kind: 'list' }>[] {
  return source.kind === 'list' ? source.items : [source];
}
