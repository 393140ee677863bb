import { types } from 'node:util';

/** The kinds of objects that memo can look into without losing anything. A `record` is a plain object. */
export type ObjectKind =
  | 'record'
  | 'null-record'
  | 'array'
  | 'map'
  | 'set'
  | 'date'
  | 'regexp'
  | 'url'
  | 'search-params'
  | 'view'
  | 'array-buffer'
  | 'error';

/** Containers nested deeper than this are refused. Encoders need about 0.4 MB of the 1 MB of stack for it, so that callers have room. */
export const MAX_NESTING = 500;

const VIEWS: readonly string[] = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

const ERRORS: readonly string[] = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
];

const KIND_OF_BUILT_IN: ReadonlyMap<string, ObjectKind> = new Map<string, ObjectKind>([
  ['Object', 'record'],
  ['Array', 'array'],
  ['Map', 'map'],
  ['Set', 'set'],
  ['Date', 'date'],
  ['RegExp', 'regexp'],
  ['ArrayBuffer', 'array-buffer'],
  ...VIEWS.map((name): [string, ObjectKind] => [name, 'view']),
  ...ERRORS.map((name): [string, ObjectKind] => [name, 'error']),
]);

const KIND_OF_PROTOTYPE = prototypeTable();

function prototypeTable(): Map<object, ObjectKind> {
  const table = new Map<object, ObjectKind>();
  for (const [name, kind] of KIND_OF_BUILT_IN) {
    const builtIn = (globalThis as Record<string, unknown>)[name] as { prototype: object } | undefined;
    if (builtIn !== undefined) table.set(builtIn.prototype, kind);
  }
  return table.set(URL.prototype, 'url').set(URLSearchParams.prototype, 'search-params').set(Buffer.prototype, 'view');
}

/**
 * The kind of an object, or `undefined` for everything that memo refuses: class instances, subclasses of
 * built-ins, promises, streams, boxed primitives … Built-ins of another realm (a `vm` context) are recognised.
 */
export function kindOf(value: object): ObjectKind | undefined {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Object.prototype) return 'record';
  if (prototype === null) return 'null-record';
  const kind = KIND_OF_PROTOTYPE.get(prototype) ?? kindOfForeign(prototype);
  return kind === undefined || !isGenuine(value, kind) ? undefined : kind;
}

/** `'Int16Array'`, `'Buffer'`, `'DataView'` …: the class of an array buffer view. */
export function viewName(view: ArrayBufferView): string {
  if (Buffer.isBuffer(view)) return 'Buffer';
  return types.isDataView(view) ? 'DataView' : (view as Uint8Array)[Symbol.toStringTag];
}

/** The built-in class of an error of kind `'error'`. */
export function errorClass(error: object): string {
  return Object.getPrototypeOf(error).constructor.name;
}

/**
 * Prototypes that are not this realm's: those of another realm, and the in-between prototypes that Node puts under
 * its own errors. Both name a native constructor of a known name; classes written in JavaScript never do.
 */
function kindOfForeign(prototype: object): ObjectKind | undefined {
  const maker: unknown = (prototype as { constructor?: unknown }).constructor;
  if (typeof maker !== 'function' || !isNative(maker)) return undefined;
  const kind = KIND_OF_BUILT_IN.get(maker.name);
  return kind === 'record' && Object.getPrototypeOf(prototype) !== null ? undefined : kind;
}

function isNative(maker: object): boolean {
  return Function.prototype.toString.call(maker).endsWith('{ [native code] }');
}

/** An object may have the prototype of a built-in without being one: `Object.create(Date.prototype)`. */
function isGenuine(value: object, kind: ObjectKind): boolean {
  switch (kind) {
    case 'array':
      return Array.isArray(value);
    case 'map':
      return types.isMap(value);
    case 'set':
      return types.isSet(value);
    case 'date':
      return types.isDate(value);
    case 'regexp':
      return types.isRegExp(value);
    case 'view':
      return ArrayBuffer.isView(value);
    case 'array-buffer':
      return types.isArrayBuffer(value) && (value as { resizable?: boolean }).resizable !== true;
    case 'error':
      return types.isNativeError(value);
    case 'url':
      return isUrl(value, URL.prototype, 'href');
    case 'search-params':
      return isUrl(value, URLSearchParams.prototype, 'size');
    default:
      return true;
  }
}

/** The getters of both classes throw for objects that only have their prototype. */
function isUrl(value: object, prototype: object, getter: string): boolean {
  try {
    Reflect.get(prototype, getter, value);
    return true;
  } catch {
    return false;
  }
}
