import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Resolver from 'oxc-resolver';
import type { NapiResolveOptions, ResolverFactory } from 'oxc-resolver';
import { EXTENSIONS, PlainResolution } from './plain-resolution.ts';
import type { Resolution } from './resolution.ts';
import type { RuntimeConditions } from './runtime-conditions.ts';
import type { SourceFiles } from './source-files.ts';

const require = createRequire(import.meta.url);
let loadedResolver: typeof Resolver | undefined;

/** The resolver is native code: it is loaded when the first name is looked up, which may be never. */
function resolver(): typeof Resolver {
  loadedResolver ??= require('oxc-resolver') as typeof Resolver;
  return loadedResolver;
}

const SHARED_OPTIONS: NapiResolveOptions = {
  extensions: [...EXTENSIONS],
  extensionAlias: { '.js': ['.js', '.ts', '.tsx', '.jsx'], '.mjs': ['.mjs', '.mts'], '.cjs': ['.cjs', '.cts'] },
  mainFields: ['main'],
  nodePath: false,
};

const TSCONFIG_OPTIONS: NapiResolveOptions = {
  extensions: ['.json'],
  mainFiles: ['tsconfig'],
  mainFields: ['tsconfig'],
};

type ResolverName = `${'aliased' | 'plain'} ${'import' | 'require'}` | 'tsconfig';

/** What is asked; without what was found. */
export type ResolutionQuestion = Omit<Resolution, 'found'>;

/**
 * Looks up names of packages, aliases, and directories with a package.json, as Node does and as compilers do. Which files were looked
 * for cannot be asked: whoever wants to know whether an answer still holds asks a new one of these again, but for {@link PlainResolution}.
 */
export class PackageResolution {
  readonly #conditions: RuntimeConditions;
  readonly #tsconfig: NapiResolveOptions;
  /** Made when they are first needed: it takes longer than a look-up. */
  readonly #resolvers = new Map<string, ResolverFactory>();

  constructor(conditions: RuntimeConditions, tsconfig: string | undefined) {
    this.#conditions = conditions;
    this.#tsconfig = { tsconfig: tsconfig === undefined ? 'auto' : { configFile: tsconfig } };
  }

  /** Paths: for an import or require by way of aliases, then without them; else one. Empty where nothing was found. */
  find({ via, from, specifier }: ResolutionQuestion): readonly string[] {
    switch (via) {
      case 'import':
      case 'require':
        return [
          this.#resolver(`aliased ${via}`).resolveFileSync(from, specifier).path ?? '',
          this.#resolver(`plain ${via}`).sync(dirname(from), specifier).path ?? '',
        ];
      case 'directory':
        return [this.#resolver('plain require').sync(from, specifier).path ?? ''];
      case 'tsconfig':
        return [this.#resolver('tsconfig').sync(from, specifier).path ?? ''];
    }
  }

  #resolver(name: ResolverName): ResolverFactory {
    const known = this.#resolvers.get(name) ?? new (resolver().ResolverFactory)(this.#optionsOf(name));
    this.#resolvers.set(name, known);
    return known;
  }

  #optionsOf(name: ResolverName): NapiResolveOptions {
    if (name === 'tsconfig') return TSCONFIG_OPTIONS;
    const kind = name.endsWith('import') ? 'import' : 'require';
    const paths = name.startsWith('aliased') ? this.#tsconfig : {};
    return { ...SHARED_OPTIONS, ...paths, conditionNames: [...this.#conditions[kind]] };
  }
}

/** Asks each question once, and has the answers noted. */
export class NotedResolution {
  readonly #resolution: PackageResolution;
  readonly #plain: PlainResolution;
  readonly #files: SourceFiles;
  readonly #hasAutomaticTsconfig: boolean;
  readonly #known = new Map<string, readonly string[]>();
  readonly #isOnePlace = new Map<string, boolean>();

  constructor(conditions: RuntimeConditions, tsconfig: string | undefined, files: SourceFiles) {
    this.#resolution = new PackageResolution(conditions, tsconfig);
    this.#plain = new PlainResolution(conditions, files);
    this.#files = files;
    this.#hasAutomaticTsconfig = tsconfig === undefined;
  }

  find(question: ResolutionQuestion): readonly string[] {
    const key = [question.via, this.#placeOf(question), question.specifier].join('\0');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#resolution.find(question);
    this.#known.set(key, found);
    const resolution = { ...question, found };
    // A tsconfig that was given may lead anywhere.
    this.#files.noteResolution(resolution, () => this.#hasAutomaticTsconfig && this.#plain.explains(resolution));
    return found;
  }

  /** Files of one directory resolve alike, unless their tsconfig has references: then each may have another one. */
  #placeOf({ via, from }: ResolutionQuestion): string {
    if (via === 'directory' || via === 'tsconfig') return from;
    return this.#resolvesAlike(dirname(from)) ? `${dirname(from)}/` : from;
  }

  #resolvesAlike(directory: string): boolean {
    if (!this.#hasAutomaticTsconfig) return true;
    const known = this.#isOnePlace.get(directory) ?? this.#hasNoReferences(directory);
    this.#isOnePlace.set(directory, known);
    return known;
  }

  #hasNoReferences(directory: string): boolean {
    const path = join(directory, 'tsconfig.json');
    if (this.#files.kindOf(path) === 'file') return this.#files.read(path)?.bytes.includes('references') === false;
    const parent = dirname(directory);
    return parent === directory || this.#resolvesAlike(parent);
  }
}
