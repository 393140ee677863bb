import type { LiteralSource } from './config-value.ts';

/** An output of a step, as an input of another. */
export interface OutputSource {
  readonly kind: 'output';
  /** Index of the producing step, always smaller than the consumer's. */
  readonly step: number;
  readonly output: string;
}

/** A list with at least one reference (fan-in). */
export interface ListSource {
  readonly kind: 'list';
  readonly items: readonly (OutputSource | LiteralSource)[];
}

/** What an input reads. */
export type InputSource = OutputSource | LiteralSource | ListSource;
