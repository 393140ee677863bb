import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceFacts } from '../src/source-facts.ts';
import { layout, mutated, print, program } from './support/random-program.ts';

const facts = (text: string) => sourceFacts('file.ts', Buffer.from(text));

test('two layouts of one program have one digest', () => {
  fc.assert(
    fc.property(program, layout, layout, (tokens, first, second) => {
      const before = facts(print(tokens, first));
      expect(before.findings).toEqual([]);
      expect(facts(print(tokens, second)).digest).toBe(before.digest);
    }),
    { numRuns: 150 },
  );
});

test('another name, value, operator or declaration anywhere has another digest, in any layout', () => {
  fc.assert(
    fc.property(program, fc.nat(), layout, layout, (tokens, at, first, second) => {
      const other = mutated(tokens, at);
      fc.pre(other !== undefined);
      const after = facts(print(other, second));
      expect(after.findings).toEqual([]);
      expect(after.digest).not.toBe(facts(print(tokens, first)).digest);
    }),
    { numRuns: 150 },
  );
});
