/** Something that a program declares and that its other parts can use. */
export interface Binding {
  /** The name in the scope that it is used from: `dep`, or `ns.dep`. */
  readonly name: string;
  /** Expressions with a value that depends on it. */
  readonly reads: readonly ((name: string, argument: string) => string)[];
  /** Statements that change what those expressions give. */
  readonly writes: readonly ((name: string, literal: string) => string)[];
  /** True when only its own module may write it: an imported name cannot be assigned. */
  readonly isOwnWrite?: boolean;
  /** True for what holds a function that may be named; renaming it can be seen. */
  readonly isNamed?: boolean;
}

export type Form = Omit<Binding, 'name'>;

/** How to declare a binding, and what can be done with it then. */
export interface Declaration extends Form {
  readonly text: string;
}

export interface DeclarationInput {
  readonly name: string;
  /** A literal, another one each time. */
  readonly literal: () => string;
  /** An expression over what is usable when the module is evaluated. */
  readonly eager: () => string;
  /** An expression over what is usable when a function runs; `argument` names its parameter. */
  readonly lazy: (argument: string) => string;
  /** A statement that changes something that is there when the module is evaluated. */
  readonly change: () => string;
  /** A name that nothing else in the program has. */
  readonly fresh: (prefix: string) => string;
}

export type Declare = (input: DeclarationInput) => Declaration;
