import { type S3PickleIOManager, type S3PickleOptions, s3Pickle } from '../../src/index.ts';

/** How another process opens the store of a test. */
export function open(options: S3PickleOptions): S3PickleIOManager {
  return s3Pickle(options);
}
