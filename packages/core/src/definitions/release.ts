import { readFileSync } from 'node:fs';

let known: string | undefined;

/** The release of this package, kept with every binding; `unknown` where its package.json is not beside it (bundles). */
export function release(): string {
  known ??= readRelease();
  return known;
}

function readRelease(): string {
  try {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version?: unknown;
    };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
