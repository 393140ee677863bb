import type { StepVersionRecord } from '../versions/step-version-record.ts';
import type { Binding } from './binding.ts';

type Head = 'stepVersion' | 'pub' | 'when' | 'duration' | 'run' | 'outputs';

/**
 * A binding of which the rest is made up when somebody reads it. Of bindings that live in memory most are never read, and to make one costs more than
 * to store a small value. Whatever happens after it was drafted, it says what held then.
 */
export interface BindingDraft extends Pick<Binding, Head> {
  readonly op: StepVersionRecord['op'];
  /** As in {@link Binding}. */
  readonly later: boolean;
  readonly of: string | undefined;
  readonly contentKey: string | undefined;
  /** The whole binding. */
  written(): Binding;
}

/** The whole binding, be it drafted or there. */
export function writtenBinding(binding: Binding | BindingDraft): Binding {
  return isDraft(binding) ? binding.written() : binding;
}

/** The code that a bound step ran. */
export function codeOf(binding: Binding | BindingDraft): StepVersionRecord['op'] {
  return isDraft(binding) ? binding.op : binding.record.op;
}

function isDraft(binding: Binding | BindingDraft): binding is BindingDraft {
  return 'written' in binding;
}
