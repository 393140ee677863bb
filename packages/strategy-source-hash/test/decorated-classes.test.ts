import { expect, test } from 'vitest';
import { sliceSource } from '../src/index.ts';
import { type FileTexts, temporaryProject } from './support/project.ts';

const OPS = `import { op } from '@memo/core';\nimport { f } from './lib.ts';\nexport const main = op('main', async (x: number) => f(x));\n`;
const OPTIONS = '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true}}';
const SERVICES = 'export class A { v = 1; }\nexport class B { v = 5; }\n';

/** What is injected by the types of parameters, and by decorators of them. */
const LIB = `import { A, B } from './services.ts';
const seen: unknown[] = [];
const inject = (key: number) => (target: object, name: unknown, index: number) => { seen.push([key, index]); };
const service = (target: unknown): void => { seen.push(target); };
@service class Typed { constructor(one: A, private two: A) {} }
class Named { constructor(@inject(11) one: unknown) {} go(@inject(21) one: unknown) { const local: A | undefined = undefined; return local; } static of(@inject(31) one: unknown) {} }
export const other: B | undefined = undefined;
export const f = (n: number) => [seen, Typed, Named, n];
`;

const FILES: FileTexts = {
  'package.json': '{"name":"p","type":"module"}',
  'tsconfig.json': OPTIONS,
  'src/ops.ts': OPS,
  'src/lib.ts': LIB,
  'src/services.ts': SERVICES,
};

const versionOf = (files: FileTexts): string => {
  const { root } = temporaryProject({ ...FILES, ...files });
  return sliceSource({ root, file: 'src/ops.ts', exportName: 'main' }).version;
};

test.each([
  ['a decorator of a parameter of the constructor', '11', '12'],
  ['a decorator of a parameter of a method', '21', '22'],
  ['a decorator of a parameter of a static method', '31', '32'],
  ['which parameter a decorator is of', '@inject(11) one: unknown', 'one: unknown, @inject(11) two: unknown'],
  ['the type of a parameter of the constructor', 'one: A,', 'one: B,'],
  ['the type of a parameter that is a property', 'two: A', 'two: B'],
])('%s counts', (_what, from, to) => {
  expect(LIB).toContain(from);
  expect(versionOf({ 'src/lib.ts': LIB.replace(from, to) })).not.toBe(versionOf({}));
});

test('the class that the type of a parameter names counts, and one that nothing but a type beside it names does not', () => {
  const before = versionOf({});
  expect(versionOf({ 'src/services.ts': SERVICES.replace('v = 1', 'v = 2') })).not.toBe(before);
  expect(versionOf({ 'src/services.ts': SERVICES.replace('v = 5', 'v = 6') })).toBe(before);
});

test('types in the body of a method do not count', () => {
  const edited = LIB.replace('local: A | undefined', 'local: undefined');
  expect(edited).not.toBe(LIB);
  expect(versionOf({ 'src/lib.ts': edited })).toBe(versionOf({}));
});
