import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const core = join(here, '../..');
const root = join(core, '../..');
const require = createRequire(import.meta.url);

/** The compilers that users have. */
export const COMPILERS = {
  'TypeScript 7': join(root, 'node_modules/typescript/bin/tsc'),
  'TypeScript 5.9': join(dirname(require.resolve('typescript59/package.json')), 'bin/tsc'),
} as const;

export type Compiler = keyof typeof COMPILERS;
/** The older one takes many times as long: CI, which requires its servers, asks it, too. */
export const compilers: readonly Compiler[] =
  process.env.MEMO_TEST_FULL === '1' || process.env.MEMO_REQUIRE_SERVERS === '1'
    ? ['TypeScript 7', 'TypeScript 5.9']
    : ['TypeScript 7'];

/** What a compiler says about one place. */
export interface Diagnostic {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** As it is printed, without the position; one entry a line. */
  readonly message: readonly string[];
}

export interface Compilation {
  readonly diagnostics: readonly Diagnostic[];
  /** Everything that was printed. */
  readonly output: string;
}

/** A project outside the repository that has installed the package: it sees declarations only, through the `exports` map. */
export class ConsumerProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<ConsumerProject> {
    const project = new ConsumerProject(realpathSync(mkdtempSync(join(tmpdir(), 'memo-consumer-'))));
    project.write('package.json', '{ "private": true, "type": "module" }\n');
    for (const name of ['zod', 'valibot', 'vitest']) project.#link(join(core, 'node_modules', name), name);
    project.#link(join(root, 'node_modules/@types/node'), '@types/node');
    const installed = join(project.folder, 'node_modules/@memo/core');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), JSON.stringify(publishedManifest()));
    await project.#emitDeclarations(join(installed, 'dist'));
    return project;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Copies a folder that stands beside this file. */
  copy(folder: string, to: string): void {
    cpSync(join(here, folder), join(this.folder, to), { recursive: true });
  }

  /** Compiles a folder of the project; the options add to those of a strict project. */
  async compile(
    compiler: Compiler,
    folder: string,
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<Compilation> {
    const config = `tsconfig.${folder.replaceAll('/', '-')}-${COMPILERS[compiler].includes('5.9') ? '59' : '7'}.json`;
    this.write(config, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, include: [folder] }));
    const output = await runNode([COMPILERS[compiler], '-p', config, '--pretty', 'false'], this.folder);
    return { diagnostics: diagnosticsOf(output), output };
  }

  async #emitDeclarations(outDir: string): Promise<void> {
    const config = { outDir, composite: false, incremental: false, emitDeclarationOnly: true, noCheck: true };
    this.write(
      'tsconfig.core.json',
      JSON.stringify({ extends: join(core, 'tsconfig.json'), compilerOptions: config, include: [join(core, 'src')] }),
    );
    await runNode([COMPILERS['TypeScript 7'], '-p', 'tsconfig.core.json'], this.folder);
  }

  #link(target: string, name: string): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'junction');
  }
}

/** What a strict project has; stricter settings are not asked of users. */
const STRICT = {
  target: 'es2022',
  lib: ['es2023'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  rewriteRelativeImportExtensions: true,
};

/** The manifest without the condition that leads to sources. */
function publishedManifest(): object {
  const manifest = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  const entries = Object.entries(manifest.exports).map(([door, targets]) => {
    if (typeof targets === 'string') return [door, targets] as const;
    const { '@memo/source': _, ...published } = targets;
    return [door, published] as const;
  });
  return { ...manifest, exports: Object.fromEntries(entries) };
}

function runNode(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 2 ** 26 }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

function diagnosticsOf(output: string): readonly Diagnostic[] {
  const diagnostics: { file: string; line: number; code: string; message: string[] }[] = [];
  for (const text of output.split(/\r?\n/)) {
    const [, file, line, code, first] = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(text) ?? [];
    if (file !== undefined && code !== undefined) {
      diagnostics.push({ file: file.replaceAll('\\', '/'), line: Number(line), code, message: [first ?? ''] });
    } else if (text.startsWith('error ')) {
      diagnostics.push({ file: '', line: 0, code: text.slice(6, 12), message: [text] });
    } else if (/^\s+\S/.test(text)) {
      diagnostics.at(-1)?.message.push(text.trim());
    }
  }
  return diagnostics;
}
