import { readFileSync } from 'node:fs';
import process from 'node:process';

/** The version of this package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}

/** `memo --version`. */
export function versionLine(): string {
  return `memo ${packageVersion()} · Node ${process.versions.node}`;
}
