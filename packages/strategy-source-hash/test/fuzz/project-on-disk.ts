import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Program } from './random-program.ts';

/** A directory that holds one program after another. */
export class ProjectOnDisk {
  readonly root: string = realpathSync(mkdtempSync(join(tmpdir(), 'source-hash-fuzz-')));
  #files: Program = {};

  /** Writes what differs from the program before. */
  become(program: Program): void {
    for (const file of Object.keys(this.#files)) if (!Object.hasOwn(program, file)) rmSync(join(this.root, file));
    for (const [file, text] of Object.entries(program)) {
      if (this.#files[file] === text) continue;
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      writeFileSync(join(this.root, file), text);
    }
    this.#files = program;
  }

  read(file: string): string {
    return this.#files[file] ?? '';
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
