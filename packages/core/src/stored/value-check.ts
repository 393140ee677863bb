import { MemoError } from '../errors/memo-error.ts';
import { bytesDigester, isKnownScheme, valueDigest } from '../hash/value-digest.ts';
import type { OutputContext } from '../io/io-contexts.ts';
import type { IOManager } from '../io/io-manager.ts';

const CODEC_BYTES = 'cb1:';

/** True when a value has a content digest: recomputed in the value form, as streamed bytes, or by a manager that knows its codec. */
export function hasDigest(
  value: unknown,
  digest: string,
  { context, managers }: { readonly context: OutputContext; readonly managers: readonly IOManager[] },
): boolean {
  if (!isKnownScheme(digest)) return false;
  if (!digest.startsWith(CODEC_BYTES)) return isValueForm(value, digest, context);
  if (value instanceof Uint8Array && bytesDigest(value) === digest) return true;
  return managers.some((manager) => manager.digestOutput?.(context, value) === digest);
}

function isValueForm(value: unknown, digest: string, { step, output }: OutputContext): boolean {
  try {
    return valueDigest(value, `${step}.${output}`) === digest;
  } catch (error) {
    if (MemoError.is(error, 'M5001')) return false;
    throw error;
  }
}

function bytesDigest(bytes: Uint8Array): string {
  const digester = bytesDigester('bytes');
  digester.update(bytes);
  return digester.digest();
}
