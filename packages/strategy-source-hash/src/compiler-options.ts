import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Analysis } from './analysis.ts';
import { byCodeUnits, digestBytes } from './digest.ts';
import type { Finding } from './finding.ts';
import { jsonForm, jsonProperty } from './json-form.ts';
import { jsonWithComments } from './json-with-comments.ts';
import type { NotedResolution } from './package-resolution.ts';
import type { Aspect, SourceFiles } from './source-files.ts';
import { isListOf, isText } from './stored-facts.ts';

/** The compiler options that change what a TypeScript file does when it runs. */
export interface CompilerOptions {
  /** Equal texts for equal behaviour of all files; empty without a tsconfig. */
  readonly form: string;
  /** The same for what counts only where there is JSX, and in files that may be loaded as CommonJS: modules are strict in any case. */
  readonly forms: Readonly<Record<'jsx' | 'script', string>>;
  /** The tsconfig and those that it extends. */
  readonly files: readonly string[];
  /** True when imports of types only are kept as bare imports. */
  readonly keepsTypeImports: boolean;
  readonly jsxImportSource: string | undefined;
  /** The names that `jsxFactory` and `jsxFragmentFactory` begin with. */
  readonly jsxFactories: readonly string[];
  /** True when a file of the chain is missing or cannot be read as JSON. */
  readonly isIncomplete: boolean;
}

/** Options that compilers and runners act on when they write JavaScript. */
const BEHAVIOUR: ReadonlySet<string> = new Set([
  'target',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
  'preserveValueImports',
  'importsNotUsedAsValues',
  'preserveConstEnums',
  'isolatedModules',
  'esModuleInterop',
  'allowSyntheticDefaultImports',
  'module',
  'downlevelIteration',
]);

const STRICTNESS: ReadonlySet<string> = new Set(['alwaysStrict', 'strict']);

/** What of a tsconfig can change what runs: its options, and what it extends. */
function codeOfTsconfig(analysis: Analysis): Aspect {
  return {
    name: 'tsconfig',
    of(bytes) {
      const value = tsconfigIn(bytes, analysis);
      if (value === undefined) return bytes.toString('latin1');
      return jsonForm([value.extends, Object.entries(value.options).sort(([a], [b]) => byCodeUnits(a, b))]);
    },
  };
}

function tsconfigIn(bytes: Buffer, analysis: Analysis): Tsconfig | undefined {
  return analysis.answer<Tsconfig | undefined>({
    key: `tsconfig ${digestBytes(bytes)}`,
    ask: () => parseTsconfig(bytes),
    store: (found) => found,
    restore: (stored) => {
      const bases = jsonProperty(stored, 'extends');
      const options = jsonProperty(stored, 'options');
      if (!isListOf(bases, isText) || typeof options !== 'object' || options === null) return undefined;
      return { extends: bases, options: { ...options } };
    },
  });
}

interface Tsconfig {
  readonly extends: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

interface TsconfigOptions {
  readonly tsconfig: string | undefined;
  readonly packages: NotedResolution;
  readonly files: SourceFiles;
}

/** Finds and reads tsconfig files, each once. */
export class CompilerOptionsReader {
  readonly #explicit: string | undefined;
  readonly #files: SourceFiles;
  readonly #edited: Set<string>;
  readonly #analysis: Analysis;
  readonly #code: Aspect;
  readonly #byDirectory = new Map<string, CompilerOptions>();
  readonly #packages: NotedResolution;

  /** `tsconfig` is used for all files when given; `edited` collects the files that were edited after code was loaded. */
  constructor({ tsconfig, packages, files }: TsconfigOptions, analysis: Analysis, edited: Set<string>) {
    this.#explicit = tsconfig;
    this.#packages = packages;
    this.#files = files;
    this.#analysis = analysis;
    this.#code = codeOfTsconfig(analysis);
    this.#edited = edited;
  }

  /** The options for the files of a directory: from the given tsconfig, else from the nearest. */
  for(directory: string): CompilerOptions {
    const known = this.#byDirectory.get(directory);
    if (known !== undefined) return known;
    const path = this.#explicit ?? join(directory, 'tsconfig.json');
    const parent = dirname(directory);
    const isLast = this.#explicit !== undefined || parent === directory;
    const exists = this.#files.read(path, this.#code) !== undefined;
    const found = exists ? this.#read(path) : isLast ? NO_OPTIONS : this.for(parent);
    this.#byDirectory.set(directory, found);
    return found;
  }

  /** True when all files that were read look as they did then. */
  isCurrent(): boolean {
    const files = new Set([...this.#byDirectory.values()].flatMap((options) => options.files));
    return [...files].every((file) => this.#files.looksUnchanged(file, this.#code));
  }

  #read(path: string): CompilerOptions {
    const files: string[] = [];
    const merged: Record<string, unknown> = {};
    const isComplete = this.#collect(path, files, merged);
    const form = (isRelevant: (name: string) => boolean): string =>
      jsonForm(
        Object.entries(merged)
          .filter(([name]) => isRelevant(name))
          .sort(([left], [right]) => byCodeUnits(left, right)),
      );
    const source = merged.jsxImportSource;
    return {
      form: form((name) => BEHAVIOUR.has(name)),
      forms: { jsx: form((name) => name.startsWith('jsx')), script: form((name) => STRICTNESS.has(name)) },
      files,
      keepsTypeImports: merged.verbatimModuleSyntax === true || merged.preserveValueImports === true,
      jsxImportSource: typeof source === 'string' ? source : undefined,
      jsxFactories: [merged.jsxFactory, merged.jsxFragmentFactory].flatMap((path) =>
        typeof path === 'string' ? (path.split('.')[0] ?? []) : [],
      ),
      isIncomplete: !isComplete,
    };
  }

  /** Adds the options of a file over those of the files it extends; false when a part of the chain is missing. */
  #collect(path: string, files: string[], merged: Record<string, unknown>): boolean {
    if (files.includes(path)) return true;
    files.push(path);
    const file = this.#files.read(path, this.#code);
    if (file?.edited === true) this.#edited.add(path);
    const parsed = file && tsconfigIn(file.bytes, this.#analysis);
    if (parsed === undefined) return false;
    const bases = parsed.extends.map((base) => this.#base(path, base));
    const complete = bases.map((base) => base !== undefined && this.#collect(base, files, merged));
    Object.assign(merged, parsed.options);
    return complete.every(Boolean);
  }

  #base(from: string, base: string): string | undefined {
    if (isAbsolute(base) || /^\.{1,2}\//.test(base)) {
      const path = resolve(dirname(from), base);
      return path.endsWith('.json') ? path : `${path}.json`;
    }
    const [found = ''] = this.#packages.find({ via: 'tsconfig', from: dirname(from), specifier: base });
    return found === '' ? undefined : found;
  }
}

const NO_OPTIONS: CompilerOptions = {
  form: '',
  forms: { jsx: '', script: '' },
  files: [],
  keepsTypeImports: false,
  jsxImportSource: undefined,
  jsxFactories: [],
  isIncomplete: false,
};

function parseTsconfig(bytes: Uint8Array): Tsconfig | undefined {
  const value = jsonWithComments(bytes);
  if (value === undefined) return undefined;
  const base = value.extends;
  const options = value.compilerOptions;
  return {
    extends: [base].flat().filter((name) => typeof name === 'string'),
    options: typeof options === 'object' && options !== null ? (options as Record<string, unknown>) : {},
  };
}

/** What there is to say about options that are not all known. */
export function compilerFindings(options: CompilerOptions | undefined): readonly Finding[] {
  if (options?.isIncomplete !== true) return [];
  const message = `${options.files[0] ?? 'tsconfig.json'} or a file that it extends cannot be read: some compiler options are not part of the version`;
  return [{ kind: 'compiler-options', message, offset: 0 }];
}

/** What of the options counts for one file. */
export function formsFor(
  options: CompilerOptions | undefined,
  { hasJsx, isScript }: { readonly hasJsx: boolean; readonly isScript: boolean },
): readonly string[] {
  if (options === undefined) return [''];
  const { form, forms } = options;
  return [form, ...(hasJsx ? [forms.jsx] : []), ...(isScript ? [`script ${forms.script}`] : [])];
}
