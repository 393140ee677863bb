import { type ByteReader, Malformed } from './byte-reader.ts';

const CLASSES: ReadonlyMap<string, () => Error> = new Map<string, () => Error>([
  ['Error', () => new Error()],
  ['EvalError', () => new EvalError()],
  ['RangeError', () => new RangeError()],
  ['ReferenceError', () => new ReferenceError()],
  ['SyntaxError', () => new SyntaxError()],
  ['TypeError', () => new TypeError()],
  ['URIError', () => new URIError()],
  ['AggregateError', () => new AggregateError([])],
]);

/**
 * Reads an error: a new one of its class, with the fields that were written and no others. Its stack is its heading: frames
 * would name this decoder.
 */
export function decodeError(source: ByteReader, met: (error: Error) => Error, next: () => unknown): Error {
  const create = CLASSES.get(source.text());
  if (create === undefined) throw new Malformed('the class of an error is unknown');
  const error = met(create());
  const hidden = source.count();
  const count = hidden + source.count();
  for (const key of ['message', 'errors']) Reflect.deleteProperty(error, key);
  for (let index = 0; index < count; index++) {
    const key = source.text();
    Object.defineProperty(error, key, {
      value: next(),
      enumerable: index >= hidden,
      writable: true,
      configurable: true,
    });
  }
  Object.defineProperty(error, 'stack', {
    value: headingOf(error),
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return error;
}

function headingOf(error: Error): string {
  const name: unknown = error.name;
  const message: unknown = error.message;
  const heading = typeof name === 'string' ? name : 'Error';
  return typeof message === 'string' && message !== '' ? `${heading}: ${message}` : heading;
}
