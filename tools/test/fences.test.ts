import { describe, expect, test } from 'vitest';
import { fencesOf, printsAsShown, programsOf } from '../docs-test/fences.mjs';

const programs = (...lines: string[]) => programsOf(fencesOf(lines.join('\n')));

describe('a fence', () => {
  test('ends only at as many backticks as it began with', () => {
    const [fence] = fencesOf(['````md', '```ts', 'x', '```', '````'].join('\n'));
    expect(fence).toEqual({ line: 2, info: 'md', lines: ['```ts', 'x', '```'] });
  });

  test('inside a list item loses the indent of the item', () => {
    const [fence] = fencesOf(['- item', '  ```ts', '  if (a) {', '    b();', '  }', '  ```'].join('\n'));
    expect(fence?.lines).toEqual(['if (a) {', '  b();', '}']);
  });

  test('that is never closed is an error with its line', () => {
    expect(() => fencesOf('text\n```ts\nx')).toThrow('line 2: this fence is never closed');
  });
});

describe('a program', () => {
  test('has its lines at the numbers that they have in the document', () => {
    const [program] = programs('# title', '', '```ts', 'first();', '```');
    expect(program?.text.split('\n').indexOf('first();')).toBe(3);
    expect(program?.file).toBe('line-4.ts');
  });

  test('continues the one before it, and both are checked', () => {
    const [first, second] = programs('```ts', 'a();', '```', 'text', '```ts continue run', 'b();', '```');
    expect(first?.text).toBe('\na();');
    expect(second?.text).toBe('\na();\n\n\n\nb();');
    expect(first?.outputs).toEqual([]);
    expect(second?.outputs).toHaveLength(1);
  });

  test('is run once for each output that is shown', () => {
    const [program] = programs(
      '```ts run',
      'a();',
      '```',
      '```text output',
      'one',
      '```',
      '```text output',
      'two',
      '```',
    );
    expect(program?.outputs).toEqual(['one', 'two']);
  });

  test('has the file name that others import', () => {
    expect(programs('```ts file=lib/ops.ts', '', '```')[0]?.file).toBe('lib/ops.ts');
  });

  test.each(['ts fragment', 'typescript', 'tsx', 'ts ignore', 'ts file=../x.ts'])(
    'of a kind like "%s" is refused',
    (info) => {
      expect(() => programs(`\`\`\`${info}`, '', '```')).toThrow('is not one of');
    },
  );

  test('in another language is left alone', () => {
    expect(programs('```sh', 'ls', '```', '```', 'x', '```', '```text', 'x', '```')).toEqual([]);
  });

  test('an output with no program before it is refused', () => {
    expect(() => programs('```text output', 'x', '```')).toThrow('no `ts run` fence comes before it');
  });
});

describe('what is printed', () => {
  test.each<[string, string, boolean]>([
    ['done in 12 ms\n', 'done in … ms', true],
    ['done in 12 ms\nmore\n', 'done in … ms', false],
    ['a\nb\nc\n', 'a\n…\nc', true],
    ['a\nc\n', 'a\n…\nc', true],
    ['\u001b[32mgreen\u001b[0m  \n', 'green', true],
    ['1.5 (a|b)', '1.5 (a|b)', true],
    ['1x5 (a|b)', '1.5 (a|b)', false],
    ['anything\nat all', '…', true],
  ])('%j shown as %j: %s', (printed, shown, expected) => {
    expect(printsAsShown(printed, shown)).toBe(expected);
  });
});
