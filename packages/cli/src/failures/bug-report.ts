import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { packageVersion } from '../package-version.ts';

/** Writes what is known of an error that memo should not have thrown; the path, or `undefined` where it cannot be written. */
export function bugReport(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const text = [
    `memo ${packageVersion()}, Node ${process.versions.node}, ${platform()} ${arch()}`,
    stack,
    ...(error instanceof Error && error.cause !== undefined ? [`caused by ${String(error.cause)}`] : []),
  ].join('\n\n');
  const name = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `memo-bug-${name}.txt`);
  try {
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
    return path;
  } catch {
    return undefined;
  }
}
