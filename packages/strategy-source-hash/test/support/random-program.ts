import * as fc from 'fast-check';

/**
 * A program as tokens. `tight` forbids a line break before the token, `optional` tokens are layout: they may be left out.
 * A string token is written with either quote.
 */
export interface Token {
  readonly text: string;
  readonly tight?: true;
  readonly optional?: true;
  readonly isString?: true;
}

type Tokens = readonly Token[];

const word = (text: string): Token => ({ text });
const tight = (text: string): Token => ({ text, tight: true });
const optional = (text: string): Token => ({ text, optional: true });
const words = (...texts: readonly string[]): Tokens => texts.map(word);

const NAMES = ['alpha', 'beta', 'gamma', 'delta'];
const name = fc.constantFrom(...NAMES).map(word);
const literal: fc.Arbitrary<Token> = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map((value) => word(String(value))),
  fc.constantFrom('one', 'two', 'it is').map((text): Token => ({ text, isString: true })),
  fc.constantFrom('/a+/g', '`t u`', 'true', 'null').map(word),
);
const operator = fc.constantFrom('+', '-', '*', '===', '&&', '??').map(word);

const separated = (items: readonly Tokens[], open: string, close: string): Tokens => [
  word(open),
  ...items.flatMap((item, index) => (index === 0 ? item : [word(','), ...item])),
  ...(items.length > 0 ? [optional(',')] : []),
  word(close),
];

const { expression } = fc.letrec<{ expression: Tokens; operand: Tokens; simple: Tokens }>((tie) => ({
  simple: fc.oneof(
    name.map((token) => [token]),
    literal.map((token) => [token]),
  ),
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('simple'),
    tie('expression').map((inner) => [word('('), ...inner, word(')')]),
    fc
      .tuple(name, fc.array(tie('expression'), { maxLength: 2 }))
      .map(([callee, list]) => [callee, ...separated(list, '(', ')')]),
    fc.array(tie('expression'), { maxLength: 3 }).map((list) => separated(list, '[', ']')),
    fc
      .tuple(name, tie('operand'))
      .map(([parameter, body]) => [
        word('('),
        word('('),
        parameter,
        optional(','),
        word(')'),
        tight('=>'),
        word('('),
        ...body,
        word(')'),
        word(')'),
      ]),
    fc.tuple(name, name).map(([object, property]) => [object, word('?.'), property]),
  ),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('operand'),
    fc
      .tuple(tie('operand'), operator, tie('operand'))
      .map(([left, sign, right]) => [word('('), ...left, word(')'), sign, word('('), ...right, word(')')]),
  ),
}));

const block = (statements: readonly Tokens[]): Tokens => [word('{'), ...statements.flat(), word('}')];

const { statement } = fc.letrec<{ statement: Tokens }>((tie) => ({
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom('const', 'let', 'var'), name, expression)
      .map(([kind, bound, value]) => [word(kind), { text: `${bound.text}${kind}` }, word('='), ...value, word(';')]),
    fc.tuple(name, expression).map(([target, value]) => [target, word('='), ...value, word(';')]),
    expression.map((value) => [word('return'), tight('('), ...value, word(')'), word(';')]),
    fc
      .tuple(expression, fc.array(tie('statement'), { minLength: 2, maxLength: 3 }))
      .map(([test, body]) => [...words('if', '('), ...test, word(')'), ...block(body)]),
    fc
      .tuple(name, fc.array(tie('statement'), { minLength: 2, maxLength: 3 }))
      .map(([item, body]) => [...words('for', '(', 'const'), item, word('of'), item, word(')'), ...block(body)]),
  ),
}));

/** Functions with random bodies, as the tokens of a module. */
export const program: fc.Arbitrary<Tokens> = fc
  .array(fc.array(statement, { maxLength: 4 }), { minLength: 1, maxLength: 3 })
  .map((bodies) =>
    bodies.flatMap((body, index) => [
      ...words('export', 'function', `f${index}`, '('),
      ...words('alpha', ')'),
      ...block(body),
    ]),
  );

const inlineSpace = fc.constantFrom(' ', '\t', '  ', ' /* c */ ', ' /* "a", b */ ');
const space = fc.oneof(inlineSpace, fc.constantFrom('\n', '\r\n', '\n\n  ', ' // c `\n', '\n/*\n * c\n */\n'));

/** How one printing of a program is laid out: what stands before each token, and which optional ones are there. */
export interface Layout {
  readonly spaces: readonly string[];
  readonly inlineSpaces: readonly string[];
  readonly choices: readonly boolean[];
}

export const layout: fc.Arbitrary<Layout> = fc.record({
  spaces: fc.array(space, { minLength: 1, maxLength: 40 }),
  inlineSpaces: fc.array(inlineSpace, { minLength: 1, maxLength: 10 }),
  choices: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
});

/** Prints a program in a layout; layouts differ in nothing that a program can see. */
export function print(tokens: Tokens, { spaces, inlineSpaces, choices }: Layout): string {
  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
  return tokens
    .filter((token, index) => token.optional !== true || pick(choices, index))
    .map((token, index) => {
      const before = token.tight === true ? pick(inlineSpaces, index) : pick(spaces, index);
      const quote = pick(choices, index) ? "'" : '"';
      return `${before}${token.isString === true ? `${quote}${token.text}${quote}` : token.text}`;
    })
    .join('');
}

const OTHERS: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '+',
  '===': '!==',
  '&&': '||',
  '??': '||',
  const: 'let',
  let: 'var',
  var: 'const',
  true: 'false',
  null: 'undefined',
};

/** The same program with another name, value, operator or kind of declaration in one place; `undefined` if that place has none. */
export function mutated(tokens: Tokens, at: number): Tokens | undefined {
  const token = tokens[at % tokens.length];
  if (token === undefined) return undefined;
  const text = token.isString === true ? `${token.text}!` : otherText(token.text);
  return text === undefined ? undefined : tokens.with(at % tokens.length, { ...token, text });
}

function otherText(text: string): string | undefined {
  if (/^\d+$/.test(text)) return String(Number(text) + 1);
  if (text.startsWith('/')) return '/b+/g';
  if (text.startsWith('`')) return '`t v`';
  return NAMES.includes(text) ? `${text}2` : OTHERS[text];
}
