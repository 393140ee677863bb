import type { IOManager, VersionStrategy } from '@memo/core';

/** The store of a choice: `fs`, `memory` (`undefined`: nothing outlives the process) or `s3://bucket/prefix`. Only what it needs is loaded. */
export async function openStore(choice: string, directory: string): Promise<IOManager | undefined> {
  if (choice === 'memory') return undefined;
  if (choice === 'fs') return (await import('@memo/io-fs')).fs(directory);
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9.-]+)(?:\/(.*))?$/.exec(choice) ?? [];
  if (bucket === undefined) throw new Error(`the store is fs, memory or s3://bucket/prefix, not ${quote(choice)}`);
  return (await import('@memo/io-s3-pickle')).s3Pickle({ bucket, prefix });
}

/** What code is known by: `source`, or its files in `git`. */
export async function strategyOf(choice: string): Promise<VersionStrategy> {
  if (choice === 'source') return (await import('@memo/strategy-source-hash')).sourceHash();
  if (choice === 'git') return (await import('@memo/strategy-git')).gitVersion();
  throw new Error(`versions come from source or git, not from ${quote(choice)}`);
}

/** The colours of the charts. */
export function paletteOf(choice: string): 'ember' | 'ocean' {
  if (choice === 'ember' || choice === 'ocean') return choice;
  throw new Error(`the palette is ember or ocean, not ${quote(choice)}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
