/**
 * The text of single values, shared by the key form and the value form. Every token begins with its tag and is
 * either ended by `;` or preceded by its length, so no token is the beginning of another and a sequence of tokens
 * can be read in one way only. All tags:
 *
 * `u` undefined · `n` null · `t` true · `f` false · `d` number · `i` bigint · `s` string · `x` ill-formed string
 * (its UTF-16 units in hex) · `D` date · `R` regular expression · `U` URL · `Q` search params · `V` bytes in a view or buffer ·
 * `a` array · `h` run of holes · `o` object · `m` map · `e` set.
 * Value form only: `F` array of numbers · `O` object without prototype · `E` error · `^` reference back into a cycle ·
 * `S`, `X` long strings by digest · `#` a nested value by digest.
 */
export type Scalar = undefined | null | boolean | number | bigint | string;

/** The token of a primitive value. `NaN` equals itself, `-0` is not `0`. */
export function scalarText(value: Scalar): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'bigint':
      return `i${value};`;
    case 'undefined':
      return 'u';
    default:
      return 'n';
  }
}

/** The token of a number: the shortest decimal that reads back as the same number. */
export function numberText(value: number): string {
  return value === 0 && 1 / value < 0 ? 'd-0;' : `d${value};`;
}

/** The token of a string. Its length counts UTF-16 units; no normalisation (NFC and NFD differ). */
export function stringText(value: string): string {
  return isWellFormed(value) ? `s${value.length}:${value}` : `x${value.length}:${unitsInHex(value)}`;
}

/** False for a string with a lone surrogate, which has no UTF-8. */
export function isWellFormed(value: string): boolean {
  return (value as string & { isWellFormed(): boolean }).isWellFormed();
}

/** The UTF-16 units of a string, little-endian, in hex. */
export function unitsInHex(value: string): string {
  return Buffer.from(value, 'utf16le').toString('hex');
}
