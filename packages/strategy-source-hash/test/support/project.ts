import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

/** File texts by path relative to the project; `null` deletes. */
export type FileTexts = Readonly<Record<string, string | null>>;

/** A small project in a directory of its own, removed with the test. */
export interface TemporaryProject {
  readonly root: string;
  path(file: string): string;
  write(files: FileTexts): void;
  /** Makes a symbolic link; a relative target is one of the project. */
  link(target: string, name: string): void;
}

export function temporaryProject(files: FileTexts): TemporaryProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'source-hash-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = (file: string): string => join(root, file);
  const project: TemporaryProject = {
    root,
    path,
    write: (texts) => {
      for (const [name, text] of Object.entries(texts)) writeText(path(name), text);
    },
    link: (target, name) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      symlinkSync(resolve(root, target), path(name));
    },
  };
  project.write(files);
  return project;
}

function writeText(path: string, text: string | null): void {
  mkdirSync(dirname(path), { recursive: true });
  if (text === null) rmSync(path);
  else writeFileSync(path, text);
}
