import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALGORITHM } from './algorithm.ts';
import { dependencyLook } from './dependency-version.ts';
import { type Digest, digestList } from './digest.ts';
import { FACTS_FORM } from './facts-cache.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';
import { lookOf } from './source-files.ts';

/** How a process finds files, and what it does to types. */
export interface Circumstances {
  readonly conditions: RuntimeConditions;
  readonly nativeTypes: boolean;
  readonly tsconfig: string | undefined;
}

/**
 * Stands for all that decides answers beside what is asked and what is on disk: this package as it is installed, its parser and resolver, Node,
 * and how the process was started. Answers are remembered under it; it never enters a version.
 */
export function askerOf({ conditions, nativeTypes, tsconfig }: Circumstances): Digest {
  return digestList([
    ALGORITHM,
    String(FACTS_FORM),
    thisPackage(),
    process.version,
    process.platform,
    process.cwd(),
    JSON.stringify([conditions, nativeTypes, tsconfig ?? null]),
  ]);
}

let packageLook: string | undefined;

/** This package, its parser and its resolver by the looks of their files: one under development has one version for many behaviours. */
function thisPackage(): string {
  packageLook ??= [
    dependencyLook('oxc-parser'),
    dependencyLook('oxc-resolver'),
    ...looksBelow(fileURLToPath(new URL('.', import.meta.url))),
  ].join('\n');
  return packageLook;
}

function looksBelow(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    if (isCode(name)) return [`${name} ${lookOf(lstatSync(join(directory, name)))}`];
    if (name.includes('.')) return [];
    const path = join(directory, name);
    return lstatSync(path).isDirectory() ? looksBelow(path) : [];
  });
}

function isCode(name: string): boolean {
  return name.endsWith('.js') || (name.endsWith('.ts') && !name.endsWith('.d.ts'));
}
