import { type SourceHashVersionStrategy, sourceHash } from '@memo/strategy-source-hash';

/** The strategy that the cases ask, in processes of their own. */
export function strategy(): SourceHashVersionStrategy {
  return sourceHash({ cache: false });
}
