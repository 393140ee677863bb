import { describe, expect, test } from 'vitest';
import { sourceFacts } from '../src/source-facts.ts';

const digest = (text: string, file = 'file.ts'): string => sourceFacts(file, Buffer.from(text)).digest;

const SAME: Readonly<Record<string, readonly [string, string, string?]>> = {
  'line and block comments': ['const a = 1;', '/* x */ const a /* y */ = 1; // z'],
  'semicolons and empty statements': ['a();\nb();', ';;a()\nb();;'],
  'trailing commas': ['f([1, 2], { a, b }, (x) => x)', 'f([1, 2,], { a, b, }, (x,) => x,)'],
  'quotes and escapes': [`x = 'A"b'`, `x = "\\u0041\\"b"`],
  'redundant parentheses': ['x = a + b * c', 'x = ((a) + (b * (c)))'],
  'number spelling': ['x = [1000, 16, 0.5, 10n]', 'x = [1_000, 0x10, .50, 1_0n]'],
  'property keys': [`x = { a: 1, 'b-c': 2, 3: 4 }`, `x = { 'a': 1, "b-c": 2, '3': 4 }`],
  'shorthand properties': ['x = { a, b }; const { c } = x', 'x = { a: a, b: b }; const { c: c } = x'],
  'braces around one statement': ['if (a) b(); else for (;;) c()', 'if (a) { b() } else { for (;;) { c() } }'],
  'arrow bodies': ['f(() => x)', 'f(() => { return x; })'],
  'new without arguments': ['new A', 'new A()'],
  'byte order mark': ['a()', '\ufeffa()'],
  'line ends': ['a()\n`x\ny`', 'a()\r\n`x\r\ny`'],
  'type annotations': ['const f = (a, b) => a', 'const f = <T,>(a: T, b?: string): T => a'],
  'type assertions': ['x = a.b', 'x = (a as any)!.b satisfies number'],
  'types and interfaces': [
    'a()',
    'type A = 1; interface B { c: A } a(); declare const q: B; declare global { var z: 1 }',
  ],
  'namespaces of types': ['a()', 'namespace N { export type A = 1; namespace M { interface I {} } } a()'],
  overloads: ['function f(a) {}', 'function f(a: 1): void; function f(a: 2): void; function f(this: X, a: any) {}'],
  'class members without a trace': [
    'class A { x = 1; y; m() {} }',
    'abstract class A<T> implements I { private readonly x: number = 1; y!: T; declare z: 1; [k: string]: any; abstract q(): void; protected m(): void; m() {} }',
  ],
  'parameter modifiers': ['class A { constructor(public q) {} }', 'class A { constructor(private readonly q: 1) {} }'],
  'imports and exports of types': [
    `import { a } from 'x'; export { a };`,
    `import type { T } from 'y'; import { a, type U } from 'x'; export { a, type U }; export type { T }; export type * from 'z'`,
  ],
  'default exports of types': ['a(); export {}', 'export default interface A {} a(); export {}'],
  'layout of JSX': [
    'x = <a b="1">Hello you<b/></a>',
    "x = (\n  <a\n    b='1'\n  >\n    Hello you\n    {/* hi */}\n    <b></b>\n  </a>\n)",
    'f.tsx',
  ],
  'white space before tagged templates': ['t`a b`', 't `a b`'],
};

const DIFFERENT: Readonly<Record<string, readonly [string, string, string?]>> = {
  operators: ['x = a + b', 'x = a - b'],
  'optional chains and their end': ['x = (a?.b).c', 'x = a?.b.c'],
  'call of a parenthesized chain': ['(a?.b)()', 'a?.b()'],
  'order of evaluation': ['x = a + (b + c)', 'x = a + b + c'],
  'text of templates': ['x = `a\n  b`', 'x = `a\n b`'],
  'raw text of tagged templates': ['t`\\u0041`', 't`A`'],
  directives: [`function f() { 'use strict'; }`, 'function f() { }'],
  'a directive in parentheses is none': [`'use strict'; a()`, `('use strict'); a()`],
  'regular expressions': ['/a/g', '/a/gi'],
  'numbers and bigints': ['x = 1', 'x = 1n'],
  'negative zero': ['x = 0', 'x = -0'],
  'strings and numbers': ['x = 1', `x = '1'`],
  'null and undefined': ['x = null', 'x = undefined'],
  'lone surrogates': [`x = '\\ud800'`, `x = '\\ud801'`],
  'lone surrogate and replacement character': [`x = '\\ud800'`, `x = '\ufffd'`],
  holes: ['x = [1, , 2]', 'x = [1, 2]'],
  'declaration kinds': ['for (var i;;) f(() => i)', 'for (let i;;) f(() => i)'],
  'names of functions by assignment': ['a = () => {}', '(a) = () => {}'],
  'prototype and property': ['x = { __proto__ }', 'x = { __proto__: __proto__ }'],
  'computed and plain keys': [`x = { ['__proto__']: a }`, `x = { '__proto__': a }`],
  'dangling else': ['if (a) { if (b) c() } else d()', 'if (a) if (b) c(); else d()'],
  'braces around declarations': ['if (a) { let b = 1 }', 'if (a) { var b = 1 }'],
  'async and generators': ['function f() {}', 'async function f() {}'],
  'getters and methods': ['class A { get x() { return 1 } }', 'class A { x() { return 1 } }'],
  'static members': ['class A { x = 1 }', 'class A { static x = 1 }'],
  'uninitialised fields': ['class A { x; }', 'class A { }'],
  'private and public names': ['class A { #x = 1 }', 'class A { x = 1 }'],
  'parameter properties': ['class A { constructor(q) {} }', 'class A { constructor(public q) {} }'],
  'enum values': ['enum E { A = 1 }', 'enum E { A = 2 }'],
  'const enums that exist and that do not': ['const enum E { A }', 'declare const enum E { A }'],
  accessors: ['class A { x = 1 }', 'class A { accessor x = 1 }'],
  'types of decorated members': ['class A { @d x: number }', 'class A { @d x: string }'],
  'import attributes': [`import a from './a'`, `import a from './a' with { type: 'json' }`],
  'imported names': [`import { a } from 'x'`, `import { b as a } from 'x'`],
  'import phases': [`import a from 'x'; a`, `import defer * as a from 'x'; a`],
  'words of JSX': ['x = <a>Hello</a>', 'x = <a>Bye</a>', 'f.tsx'],
  'significant spaces of JSX': ['x = <a>b <c/></a>', 'x = <a>b<c/></a>', 'f.tsx'],
  'the JSX runtime': ['/** @jsxImportSource a */ x = <a/>', '/** @jsxImportSource b */ x = <a/>', 'f.tsx'],
  'modules and scripts': ['a()', 'a(); export {}'],
  'text that does not parse': ['const = 1', 'const  = 1'],
};

describe('the normal form is the same for different', () => {
  test.each(Object.entries(SAME))('%s', (_title, [left, right, file]) => {
    expect(digest(right, file)).toBe(digest(left, file));
  });
});

describe('the normal form differs for different', () => {
  test.each(Object.entries(DIFFERENT))('%s', (_title, [left, right, file]) => {
    expect(digest(right, file)).not.toBe(digest(left, file));
  });
});

test('a file is read, and never run', () => {
  sourceFacts('file.ts', Buffer.from('globalThis.wasRun = true; export const made = globalThis.wasRun;'));
  expect(globalThis).not.toHaveProperty('wasRun');
});

test('a tree too deep to walk is hashed by its bytes, and says so', () => {
  const facts = sourceFacts('file.ts', Buffer.from(`x = ${'a + '.repeat(30_000)}1`));
  expect(facts.findings.map(({ kind }) => kind)).toEqual(['parse-error']);
  expect(facts.digest).toMatch(/^bytes:/);
});

test('a file that does not parse still leads to the modules that it mentions', () => {
  const { references } = sourceFacts(
    'file.ts',
    Buffer.from(`import a from './a'; const = ; require("./b"); import('./c')`),
  );
  expect(references.map(({ specifier }) => specifier)).toEqual(['./a', './b', './c']);
});
