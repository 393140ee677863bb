import { fieldKeys, readField } from './record-fields.ts';

const HIDDEN = ['name', 'message', 'cause', 'errors'] as const;

/**
 * What an error carries. Its `stack` is not part of it: it names files of one machine and lines of one version, so that
 * equal errors would never be equal; a decoded error has its heading as stack.
 */
export interface ErrorFields {
  /** Own fields that are not enumerable, as the constructor makes them: name, message, cause, errors. */
  readonly hidden: readonly (readonly [key: string, value: unknown])[];
  /** Own enumerable fields in their order: `code`, `syscall` … */
  readonly shown: readonly (readonly [key: string, value: unknown])[];
}

/** Reads the fields of an error of kind `'error'`. Refuses accessors and symbol keys. */
export function errorFields(error: object): ErrorFields {
  const shown = fieldKeys(error).filter((key) => key !== 'stack');
  const hidden = HIDDEN.filter((key) => Object.hasOwn(error, key) && !shown.includes(key));
  const read = (key: string): [string, unknown] => [key, readField(error, key)];
  return { hidden: hidden.map(read), shown: shown.map(read) };
}
