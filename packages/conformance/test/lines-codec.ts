import type { Codec } from '@memo/core/plugin';
import type { NamedValues } from '../src/index.ts';

/** Lists of lines as text, the smallest codec that does something. */
export const codec: Codec<readonly string[]> = {
  id: 'lines/1',
  canonical: true,
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isLine),
  encode: (lines) => Buffer.from(lines.join('\n'), 'utf8'),
  decode: (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).split('\n'),
};

function isLine(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\n') && Buffer.from(value, 'utf8').toString('utf8') === value;
}

export const values: NamedValues = {
  'one line': () => ['one'],
  'an empty line': () => [''],
  'many lines': () => Array.from({ length: 1000 }, (_, index) => `grüße ${index}`),
};
