import { MAX_NESTING } from './object-kind.ts';

/** What an encoder throws inside: which value it will not take and why. `explained` makes it an error with a path. */
export class Refusal extends Error {
  /** The refused value, or the object that has the refused `segment`. */
  readonly offender: unknown;
  /** The middle of the sentence "`path` is a function, which …". */
  readonly what: string;
  /** The last step of the path, where the offender is the object that holds it. */
  readonly segment: string | undefined;
  /** Set where the same object is fine elsewhere: refused only inside itself, or only this deep. */
  readonly when: 'cycle' | 'nesting' | undefined;

  constructor(offender: unknown, what: string, where: { segment?: string; when?: 'cycle' | 'nesting' } = {}) {
    super(what);
    this.offender = offender;
    this.what = what;
    this.segment = where.segment;
    this.when = where.when;
  }
}

/** The refusal of a container that is nested more than `MAX_NESTING` levels deep. */
export function nestingRefusal(offender: unknown): Refusal {
  return new Refusal(offender, `is nested more than ${MAX_NESTING} levels deep`, { when: 'nesting' });
}

/** The refusal of a value for what it is: a function, a class instance … */
export function kindRefusal(offender: unknown): Refusal {
  return new Refusal(offender, `is ${describeKind(offender)}`);
}

/** `a function`, `an instance of class Foo`, `a ReadableStream`: what a refused value is. Never its content. */
export function describeKind(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value !== 'object' || value === null) return withArticle(typeof value);
  const name = constructorName(value);
  if (name === undefined) return 'an object of an unknown class';
  if (name === 'ArrayBuffer') return 'a resizable ArrayBuffer';
  if (/^(Number|String|Boolean|Symbol|BigInt)$/.test(name)) return `a boxed ${name.toLowerCase()}`;
  const standard =
    Object.hasOwn(globalThis, name) || /Stream$|^(Readable|Writable|Duplex|Transform|Socket)$/.test(name);
  return standard ? withArticle(name) : `an instance of class ${name}`;
}

function constructorName(value: object): string | undefined {
  try {
    const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
