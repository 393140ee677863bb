import { s3ServerDirectory, stopS3ServerIn } from '@memo/s3-server';

/** Gives the tests one directory for the server, which the first test that needs it starts, and stops it after the last one. */
export default function setUp(): () => Promise<void> {
  const directory = s3ServerDirectory();
  process.env.MEMO_TEST_S3_DIRECTORY = directory;
  return () => stopS3ServerIn(directory);
}
