import type { OpVersionContext, ResourceVersionContext } from '@memo/core/plugin';
import { byCodeUnits } from './digest.ts';
import { starExpression } from './glob.ts';

/** What is declared about code by whoever knows more than the code says. */
export interface SourceOverrides {
  /**
   * What counts beside the code, such as prompts, templates or a `patches` directory: files, directories, globs (`prompts/**\/*.md`), and
   * packages that the code loads in a way that cannot be seen (`package:sharp`). Default: none. Costs reading them once a process.
   */
  readonly include?: readonly string[];
  /**
   * Code that does not matter for results, such as logging: files, directories and globs, symbols of them (`src/log.ts#log`), and packages
   * that the code imports (`package:debug`). Neither its content counts then, nor what it does, nor what only it leads to. The code
   * that defines the op counts always. Default: none. The version of an op that it is true of is `assumed`.
   */
  readonly exclude?: readonly string[];
  /**
   * Code that changes nothing but what it declares itself, written as for `exclude`: calls of it, and statements in it, are not taken to
   * change what other code sees. Its content counts where it is used. Default: none. A version that is another one for it is `assumed`.
   */
  readonly assumePure?: readonly string[];
}

/** All that is declared for one op or resource. */
export interface Overrides {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly assumePure: readonly string[];
}

type Context = OpVersionContext | ResourceVersionContext;

const KINDS = ['include', 'exclude', 'assumePure'] as const;

/** Overrides for all ops, and by the names of ops. */
export class OverridesByOp {
  readonly #common: SourceOverrides;
  readonly #forAll: Overrides;
  readonly #byName: readonly { readonly key: string; readonly names: RegExp; readonly overrides: SourceOverrides }[];
  /** Keys that named an op. */
  readonly #used = new Set<string>();

  constructor(common: SourceOverrides, ops: Readonly<Record<string, SourceOverrides>> = {}) {
    checkOverrides(common, '');
    if (typeof ops !== 'object' || ops === null || Array.isArray(ops)) {
      throw new TypeError('sourceHash: ops is an object of overrides by the names of ops');
    }
    this.#common = common;
    this.#forAll = joined([common]);
    this.#byName = Object.entries(ops).map(([key, overrides]) => {
      checkOverridesOfOps(key, overrides);
      return { key, names: starExpression(key), overrides };
    });
  }

  /** What is declared for all comes first. */
  for({ kind, name }: Context): Overrides {
    const named = kind === 'op' ? this.#byName.filter(({ names }) => names.test(name)) : [];
    if (named.length === 0) return this.#forAll;
    for (const { key } of named) this.#used.add(key);
    return joined([this.#common, ...named.map(({ overrides }) => overrides)]);
  }

  /** The keys that have named none of the ops that were asked about. */
  unused(): readonly string[] {
    return this.#byName.flatMap(({ key }) => (this.#used.has(key) ? [] : [key])).sort(byCodeUnits);
  }
}

function joined(all: readonly SourceOverrides[]): Overrides {
  const [include, exclude, assumePure] = KINDS.map((part) => distinct(all.flatMap((one) => one[part] ?? [])));
  return { include: include ?? [], exclude: exclude ?? [], assumePure: assumePure ?? [] };
}

function checkOverridesOfOps(key: string, overrides: unknown): void {
  const place = `ops[${JSON.stringify(key)}].`;
  if (typeof overrides !== 'object' || overrides === null || Array.isArray(overrides)) {
    throw new TypeError(`sourceHash: ${place.slice(0, -1)} is an object of include, exclude and assumePure`);
  }
  const unknown = Object.keys(overrides).find((name) => !KINDS.some((kind) => kind === name));
  if (unknown !== undefined) {
    throw new TypeError(`sourceHash: ${place}${unknown} is no override: they are include, exclude and assumePure`);
  }
  checkOverrides(overrides, place);
}

/** Throws a TypeError for lists that are none, and for patterns that can match nothing. */
export function checkOverrides(overrides: SourceOverrides, place: string, caller = 'sourceHash'): void {
  for (const kind of KINDS) {
    const list: unknown = overrides[kind];
    if (list === undefined) continue;
    if (!Array.isArray(list) || !list.every((entry) => typeof entry === 'string')) {
      const what = kind === 'include' ? 'paths, globs and packages' : 'globs, symbols and packages';
      throw new TypeError(`${caller}: ${place}${kind} is a list of ${what}`);
    }
    const wrong = list.find((entry) => !isPattern(entry, kind !== 'include'));
    if (wrong !== undefined) {
      throw new TypeError(`${caller}: ${place}${kind} has the entry ${JSON.stringify(wrong)}, which names nothing`);
    }
  }
}

function isPattern(text: string, hasSymbols: boolean): boolean {
  return text !== '' && text !== 'package:' && !(hasSymbols && /^#|#$/.test(text));
}

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}
