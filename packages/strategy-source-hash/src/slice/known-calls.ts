/** Functions of the language and of every runtime that change nothing but, at most, what they are called on. */
const HARMLESS_GLOBALS: ReadonlySet<string> = new Set([
  'console',
  'JSON',
  'Math',
  'Object',
  'Array',
  'Number',
  'String',
  'Boolean',
  'BigInt',
  'Symbol',
  'Date',
  'Promise',
  'RegExp',
  'Error',
  'TypeError',
  'RangeError',
  'AggregateError',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'TextDecoder',
  'AbortController',
  'AbortSignal',
  'Intl',
  'Buffer',
  'Blob',
  'Headers',
  'structuredClone',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
]);

/** Functions that change their first argument. */
const ARGUMENT_WRITERS: ReadonlySet<string> = new Set([
  'Object.assign',
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.setPrototypeOf',
  'Object.freeze',
  'Object.seal',
  'Object.preventExtensions',
  'Reflect.set',
  'Reflect.defineProperty',
  'Reflect.deleteProperty',
  'Reflect.setPrototypeOf',
  'Reflect.apply',
  'Reflect.get',
]);

/** Methods that change nothing on values of the language, and that log and the like on others. */
const QUERIES: ReadonlySet<string> = new Set(
  `at concat entries every filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys
  lastIndexOf map reduce reduceRight slice some toReversed toSorted toSpliced toString values with
  get has charAt charCodeAt codePointAt endsWith match matchAll normalize padEnd padStart repeat replace
  replaceAll search split startsWith substring substr toLowerCase toUpperCase trim trimEnd trimStart
  toFixed toPrecision toExponential toISOString toJSON getTime getFullYear getMonth getDate getDay getHours getMinutes
  getSeconds getUTCFullYear getUTCMonth getUTCDate valueOf hasOwnProperty isPrototypeOf then catch finally
  info warn error debug trace log fatal child`.split(/\s+/),
);

export function isHarmlessGlobal(name: string): boolean {
  return HARMLESS_GLOBALS.has(name);
}

/** Functions of the language that call one which they are given. */
const TAKES_FUNCTION = /^(?:Promise|JSON\.(?:parse|stringify)|(?:Object|Map)\.groupBy|\w*Array\.from(?:Async)?)$/;

/** True for a call of a function of the language, with some number of arguments, which may call one of them. */
export function takesFunction(path: string, count: number): boolean {
  return count > (path === 'Promise' ? 0 : 1) && TAKES_FUNCTION.test(path);
}

export function isArgumentWriter(path: string): boolean {
  return ARGUMENT_WRITERS.has(path) || /\.prototype\.\w+\.(?:call|apply)$/.test(path);
}

/** The arguments that a function changes: the first one, but for those that are given what `this` is for a getter or setter. */
export function changedBy<T>(path: string, args: readonly T[]): readonly T[] {
  const first = path === 'Reflect.get' ? 2 : 0;
  const others = path === 'Reflect.set' ? args.slice(3, 4) : [];
  return [...args.slice(first, first + 1), ...others];
}

export function isQuery(method: string | undefined): boolean {
  return method !== undefined && QUERIES.has(method);
}

/** Modules of Node whose functions keep no state that programs can see. */
const STATELESS_BUILTINS: ReadonlySet<string> = new Set([
  'assert',
  'assert/strict',
  'path',
  'url',
  'util',
  'crypto',
  'querystring',
]);

export function isStatelessBuiltin(name: string): boolean {
  return STATELESS_BUILTINS.has(name);
}

/** Variables that a CommonJS module has of its own, although nothing declares them. */
export function isModuleVariable(name: string): boolean {
  return name === 'module' || name === 'exports' || name === 'require' || name === '__filename' || name === '__dirname';
}
