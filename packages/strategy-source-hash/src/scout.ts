import type { MessagePort } from 'node:worker_threads';
import { factsKey, isParsed, kindOf } from './analysis.ts';
import { Claims } from './claims.ts';
import type { FoundFacts, ScoutErrand } from './facts-scouts.ts';
import { isFramework } from './installed-packages.ts';
import { ModuleResolver } from './module-resolver.ts';
import { packageName } from './npm/package-identity.ts';
import { NotedResolution } from './package-resolution.ts';
import { type SourceFacts, sourceFacts } from './source-facts.ts';
import { FilesOnDisk, readOnce } from './source-files.ts';
import { storedFacts } from './stored-facts.ts';

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/** Looks at files and at what these lead to, but for what others have looked at. */
export function scout({ roots, claims: shared, port, conditions, tsconfig }: ScoutErrand): void {
  const files = new FilesOnDisk();
  const resolver = new ModuleResolver(new NotedResolution(conditions, tsconfig, files), files);
  const claims = new Claims(shared);
  const paths = new Set(roots);
  for (const path of paths) {
    const facts = isWorthALook(path) && claims.take(path) ? report(path, port) : undefined;
    for (const reference of facts?.references ?? []) {
      if (isFramework(packageName(reference.specifier))) continue;
      for (const target of resolver.targets(reference, path)) if (target.kind === 'file') paths.add(target.path);
    }
  }
}

function isWorthALook(path: string): boolean {
  return CODE.test(path) && !path.includes('/node_modules/');
}

function report(path: string, port: MessagePort): SourceFacts | undefined {
  const read = readOnce(path);
  if (read === undefined) return undefined;
  const kind = kindOf(path);
  const facts = sourceFacts(kind, read.bytes);
  // What the main thread would not store it finds by itself, too.
  if (!isParsed(facts)) return undefined;
  port.postMessage({ key: factsKey(kind, read.bytes), json: JSON.stringify(storedFacts(facts)) } satisfies FoundFacts);
  return facts;
}
