import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Place } from '@memo/core';

/** Where a text stands in a test file: the first line that has it, besides those that ask. */
export function placeOf(moduleUrl: string, text: string): Place {
  const file = fileURLToPath(moduleUrl);
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((content) => content.includes(text) && !content.includes('placeOf('));
  if (line === -1) throw new Error(`${file} does not hold ${JSON.stringify(text)}`);
  return { file, line: line + 1 };
}
