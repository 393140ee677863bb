/** Stores outputs as objects of an S3 bucket: one cache for laptops and CI. */
export type { S3PickleOptions } from './options.ts';
export { S3PickleIOManager, s3Pickle } from './s3-pickle-io-manager.ts';
