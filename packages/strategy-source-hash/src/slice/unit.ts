import type { Digest } from '../digest.ts';
import type { ModuleReference } from '../module-references.ts';

/** Something outside a unit that its code names. */
export type Ref =
  /** A top-level binding of the same file. */
  | { readonly to: 'own'; readonly name: string }
  /** An imported binding; `*` for the whole namespace. `members` are the properties that are read of that, or of a JSON module. */
  | { readonly to: 'import'; readonly from: string; readonly name: string; readonly members?: readonly string[] }
  /** What `import()`, `require()`, `new URL()` and JSX lead to; `members` are all of it that is used, where that is known. */
  | {
      readonly to: 'module';
      readonly how: ModuleReference['kind'];
      readonly from: string;
      readonly members?: readonly string[];
    };

/**
 * How code may change what a reference stands for:
 * - `assign`: assigns the binding, or a property of what it holds;
 * - `method`: calls it, or a method of it, and uses the result: a change only if it is made by code that can keep state;
 * - `statement`: calls it, or a method of it, for nothing but the effect;
 * - `query`: calls a method that is known to change no value of the language.
 */
export type How = 'assign' | 'statement' | 'method' | 'query';

/** A possible change of what a reference holds. */
export interface Write {
  /** Index in {@link Unit.refs}. */
  readonly ref: number;
  readonly how: How;
  /** True when the reference itself is called, or a method of it, not something that it gives. */
  readonly isCall: boolean;
  /** True when it may be something that the value holds, or gives, rather than the value itself. */
  readonly isDeep: boolean;
}

/** A value that is handed to a function, which may change it. */
export interface Pass {
  /** Index in {@link Unit.refs}. */
  readonly ref: number;
  /** The function, by its index in {@link Unit.refs}; `undefined` when it is a value of the unit itself. */
  readonly callee: number | undefined;
  /** `later`: it gets a function that may give the value to whoever calls that. */
  readonly how: How | 'later';
  /** True when it may be something that the value holds, or gives, rather than the value itself. */
  readonly isDeep?: true;
}

/** All that is read of what a reference stands for. */
export interface Picks {
  /** Index in {@link Unit.refs}. */
  readonly ref: number;
  readonly members: readonly string[];
}

/** What a unit holds, as far as its own text says. */
export type Holding =
  /** A value that nobody can change. */
  | 'constant'
  /** A function: it has no state but its properties. */
  | 'function'
  /** A literal object, array or built-in collection, or a class. */
  | 'literal'
  /** What an expression gives: another name for a value, or something that a call has made. */
  | 'made'
  /** An op, resource or job: its functions are run by memo, not by whoever names it. */
  | 'framework';

/** A part of a file that counts as one: a top-level declaration or statement, or the functions of one op. */
export interface Unit {
  /** The declared names; `<effect>` for other statements; `<module>` for a file that counts as a whole. */
  readonly name: string;
  readonly binds: readonly string[];
  /** Digest of the normal form, in which references are numbers. */
  readonly own: Digest;
  /** In the order of their numbers in the normal form. */
  readonly refs: readonly Ref[];
  /** The members of imported names of which nothing else is read: where such a name is one for a namespace, only they count. */
  readonly picks?: readonly Picks[];
  readonly start: number;
  readonly end: number;
  readonly holds: Holding;
  /** True for `let`, `var` and what is assigned anywhere. */
  readonly isAssigned: boolean;
  /** True when its evaluation runs code that is not known to be harmless. */
  readonly executes: boolean;
  /** True when the module waits for something as the unit is evaluated, so that others go on meanwhile. */
  readonly awaits: boolean;
  /** True for a top-level statement that declares nothing. */
  readonly isEffect: boolean;
  /** Indices of the references that only functions of ops name, which nobody calls but memo. */
  readonly dormant: readonly number[];
  /** Indices of the references that are read as it is evaluated. */
  readonly reads: readonly number[];
  readonly writes: readonly Write[];
  readonly passes: readonly Pass[];
  /** True when a function in it may change what it is given. */
  readonly writesParams: boolean;
  /** True when something in it changes what all code of the process can see. */
  readonly writesGlobals: boolean;
  /** True when something in it runs code as it is read, converted or iterated over: a getter, `valueOf`, an iterator. */
  readonly hasTraps: boolean;
  /** True when the value is another name for something global. */
  readonly isGlobal: boolean;
  /** Functions that make the value, by the indices of their references. */
  readonly makers: readonly number[];
  readonly traits: readonly Trait[];
}

/** What else is known of the code of a unit; where its tree is not known, all of it. */
export type Trait =
  /** It names `this`, or what a class or object inherits. */
  | 'this'
  /** It makes a function, or a class that has some. */
  | 'makes function'
  /** A class of which only instances can be changed by code of its own. */
  | 'plain class'
  /** A new value of a class of the runtime: whoever changes it leaves the module of that class alone. */
  | 'new builtin'
  /** A method changes, by `this`, an empty container of its object, or what another method gives: something of others, where they replace it. */
  | 'fills'
  /** A function of it may give something global. */
  | 'gives global'
  /** A function declaration: it can be called from the beginning of its module on. */
  | 'hoisted';

/** The functions of an op or resource that is defined at the top level: all that its version needs of the call. */
export interface OpUnit extends Unit {
  /** Where the defining call stands. */
  readonly callStart: number;
  readonly callEnd: number;
  /** The name, where it is a literal. */
  readonly definedName?: string;
  /** Outlines of the functions in it, to tell them in memory. */
  readonly outlines: readonly Digest[];
}

/** An exported name. */
export interface Export {
  readonly name: string;
  /** The binding of this file, or the name in `from`. `*` for `export * as`. */
  readonly local: string;
  readonly from?: string;
}

/** The parts of a file. */
export interface FileUnits {
  /** In the order of their evaluation within the file. */
  readonly units: readonly Unit[];
  readonly ops: readonly OpUnit[];
  /** Members of objects that units hold, for whoever reads nothing else of these: `config.size` is one of `config`. */
  readonly members: readonly Unit[];
  readonly exports: readonly Export[];
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
  /** Local name → what is imported under it. */
  readonly imports: ReadonlyMap<string, Ref>;
  /** Where the calls of the file stand, as stacks name them. Ascending. */
  readonly calls: readonly number[];
  /** True when the file counts as one unit, whose exports are not known apart. */
  readonly isWhole: boolean;
  /** What is wrong with the file though it parses: it may not be loaded. */
  readonly mistakes: readonly string[];
}

export function refKey(ref: Ref): string {
  switch (ref.to) {
    case 'own':
      return `own\n${ref.name}`;
    case 'import':
      return ['import', ref.from, ref.name, ...(ref.members ?? [])].join('\n');
    case 'module':
      return ['module', ref.how, ref.from, ...(ref.members ?? [])].join('\n');
  }
}
