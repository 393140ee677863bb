import type { Codec } from '@memo/core/plugin';
import type { NamedValues } from '../sample-values.ts';

/** Tells the suite what a codec is for. */
export interface CodecHarness {
  readonly name: string;
  readonly codec: Codec;
  /** Values that the codec is for, each made anew by its function. At least one. */
  readonly values: NamedValues;
  /**
   * Whether two values of the codec are the same for everybody who uses them. Default: by memo's content digest, which cannot look into
   * values such as tables.
   */
  same?(actual: unknown, expected: unknown): boolean;
  /** Bytes that releases of the codec wrote, in base64, by the name of their value: they must be readable for ever. */
  readonly stored?: Readonly<Record<string, string>>;
  /**
   * `true` when `decode` withstands bytes that nobody encoded: an error or a value, never a crash or all of the memory. Stores check
   * digests first, so a codec need not. Default `false`.
   */
  readonly takesAnyBytes?: boolean;
  /** Lets other processes use the codec: the module exports it as `codec`, and the values as `values`. */
  readonly otherProcesses?: { readonly module: string; readonly nodeOptions?: readonly string[] };
}

/** What decides which cases apply. */
export type CodecFeature = 'canonical' | 'any bytes' | 'stored bytes' | 'other processes';

/** All features, in the order in which reports name them. */
export const CODEC_FEATURES: readonly CodecFeature[] = ['canonical', 'any bytes', 'stored bytes', 'other processes'];

export function codecFeatures(harness: CodecHarness): ReadonlySet<CodecFeature> {
  const has: Readonly<Record<CodecFeature, boolean>> = {
    canonical: harness.codec.canonical === true,
    'any bytes': harness.takesAnyBytes === true,
    'stored bytes': harness.stored !== undefined,
    'other processes': harness.otherProcesses !== undefined,
  };
  return new Set(CODEC_FEATURES.filter((feature) => has[feature]));
}
