import { explained } from '../hash/explain-refusal.ts';
import { STORE_WORDING } from '../hash/value-digest.ts';
import type { Codec } from './codec.ts';
import { StructuredReader } from './structured-reader.ts';
import { StructuredWriter } from './structured-writer.ts';

/**
 * Every value that has a value digest: primitives, plain objects (also without prototype), arrays with holes, Map, Set, Date,
 * RegExp with `lastIndex`, URL, URLSearchParams, the built-in errors with cause and own fields (without `stack`),
 * all views and buffers, shared parts and cycles. Views come back over memory of their own.
 *
 * Refuses everything else with `M5001` and the path; nothing is flattened silently. `decode` throws on bytes that
 * it did not write; it never crashes and never touches a prototype.
 */
export const structuredCodec: Codec = {
  id: 'structured',
  accepts: () => true,
  encode: (value, label = 'value') =>
    explained({ root: value, label, wording: STORE_WORDING }, () => new StructuredWriter().write(value)),
  decode: (bytes) => new StructuredReader(bytes).read(),
};
