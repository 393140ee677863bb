import { parseSync } from 'oxc-parser';
import { editFiles } from './file-edits.ts';
import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** A source file with its nodes, in the forms that mutations look for. */
interface ParsedFile {
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly Node[];
  /** Every list of at least one node: statements, members, arguments, specifiers … */
  readonly lists: readonly (readonly Node[])[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

type Mutation = (file: ParsedFile, random: SeededRandom, program: Program) => string | undefined;

const MUTATIONS: readonly Mutation[] = [
  otherLiteral,
  otherLiteral,
  otherIdentifier,
  otherIdentifier,
  otherOperator,
  otherKeyword,
  withoutItem,
  withoutItem,
  swappedItems,
  swappedItems,
  repeatedItem,
  otherNodeOfType,
  otherNodeOfType,
  statementFromElsewhere,
  repointedImport,
  renamed,
];

/** The program with a random edit, at times with two; `undefined` when the edit that was drawn has no place in it. */
export function mutate(program: Program, random: SeededRandom): Program | undefined {
  const edited = edit(program, random);
  return edited === undefined || random.chance(0.85) ? edited : (edit(edited, random) ?? edited);
}

function edit(program: Program, random: SeededRandom): Program | undefined {
  if (random.chance(0.12)) return editFiles(program, random);
  // Not every program uses every file beside its modules.
  const isModule = random.chance(0.75);
  const sources = Object.keys(program).filter((name) => name.startsWith('src/'));
  const path = random.pick(sources.filter((name) => /\/(?:m\d|ops)\.ts$/.test(name) === isModule));
  const text = program[path] ?? '';
  if (path.endsWith('.txt')) return { ...program, [path]: `${text}more` };
  const file = path.endsWith('.json') ? parsed('json.js', `(${text})`, path) : parsed(path, text, path);
  const mutated = random.pick(MUTATIONS)(file, random, program);
  if (mutated === undefined || mutated === file.text) return undefined;
  if (!path.endsWith('.json')) return { ...program, [path]: mutated };
  const json = mutated.trim().slice(1, -1);
  return isJson(json) ? { ...program, [path]: json } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parsed(name: string, text: string, path: string): ParsedFile {
  const nodes: Node[] = [];
  const lists: Node[][] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      const items = value.filter(isNode);
      if (items.length > 0) lists.push(items);
      for (const item of value) visit(item);
    } else if (isNode(value)) {
      nodes.push(value);
      for (const part of Object.values(value)) if (typeof part === 'object') visit(part);
    }
  };
  visit(parseSync(name, text).program);
  return { path, text, nodes, lists };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

function pickFrom<T>(random: SeededRandom, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : random.pick(list);
}

function replaced(text: string, { start, end }: Span, by: string): string {
  return `${text.slice(0, start)}${by}${text.slice(end)}`;
}

function textOf({ text }: ParsedFile, { start, end }: Span): string {
  return text.slice(start, end);
}

function otherLiteral(file: ParsedFile, random: SeededRandom): string | undefined {
  const literal = pickFrom(
    random,
    file.nodes.filter(({ type }) => type === 'Literal' || type === 'TemplateElement'),
  );
  if (literal === undefined) return undefined;
  const text = textOf(file, literal);
  if (literal.type === 'TemplateElement')
    return replaced(file.text, literal, `${text}x`.replace('$x', 'x$').replace('`x', 'x`'));
  const number = /^\d+$/.test(text) ? String(Number(text) + 1) : '5';
  const string = /^['"]/.test(text) ? `${text.slice(0, -1)}x${text.at(-1)}` : number;
  return replaced(file.text, literal, random.pick([number, string, string, 'null', "''", '0']));
}

function otherIdentifier(file: ParsedFile, random: SeededRandom): string | undefined {
  const identifiers = file.nodes.filter(({ type }) => type === 'Identifier' || type === 'PrivateIdentifier');
  const [from, to] = [pickFrom(random, identifiers), pickFrom(random, identifiers)];
  if (from === undefined || to === undefined) return undefined;
  const end = from.start + String(from['name']).length;
  return replaced(file.text, { start: from.start, end }, String(to['name']));
}

const OPERATORS = ['+', '-', '*', '===', '!==', '<', '>', '&&', '||', '??', ','];
const ASSIGNMENTS = ['=', '+=', '-=', '??=', '||='];

function otherOperator(file: ParsedFile, random: SeededRandom): string | undefined {
  const node = pickFrom(
    random,
    file.nodes.filter(({ type }) => /^(?:Binary|Logical|Assignment)Expression$/.test(type)),
  );
  const [left, right] = [node?.['left'], node?.['right']];
  if (node === undefined || !isNode(left) || !isNode(right)) return undefined;
  const between = file.text.slice(left.end, right.start);
  const operator = String(node['operator']);
  const start = left.end + between.indexOf(operator);
  const by = random.pick(node.type === 'AssignmentExpression' ? ASSIGNMENTS : OPERATORS);
  return replaced(file.text, { start, end: start + operator.length }, by);
}

const KEYWORDS: readonly (readonly [RegExp, string])[] = [
  [/\bconst\b/g, 'var'],
  [/\blet\b/g, 'var'],
  [/\bvar\b/g, 'let'],
  [/\bstatic /g, ''],
  [/\bget (?=\w+\()/g, ''],
  [/\basync /g, ''],
  [/\bawait /g, ''],
  [/\bnew /g, ''],
  [/\btypeof /g, ''],
  [/\breturn /g, ''],
  [/\?\./g, '.'],
  [/\bthis\b/g, 'undefined'],
  [/\bexport (?=function|const)/g, ''],
  [/(?<==>) (?=\w)/g, ' await '],
  [/\.\.\./g, ''],
  [/function\*/g, 'function'],
  [/\bextends \w+/g, ''],
  [/@\w+ /g, ''],
  [/\benum\b/g, 'const enum'],
  [/import \* as (\w+)/g, 'import $1'],
  [/import (\w+) from/g, 'import * as $1 from'],
];

function otherKeyword({ text }: ParsedFile, random: SeededRandom): string | undefined {
  const [pattern, by] = random.pick(KEYWORDS);
  const found = pickFrom(random, [...text.matchAll(pattern)]);
  if (found === undefined) return undefined;
  return replaced(text, { start: found.index, end: found.index + found[0].length }, found[0].replace(pattern, by));
}

function withoutItem(file: ParsedFile, random: SeededRandom): string | undefined {
  const list = pickFrom(random, file.lists);
  if (list === undefined) return undefined;
  const at = random.below(list.length);
  const [item, next, before] = [list[at], list[at + 1], list[at - 1]];
  if (item === undefined) return undefined;
  if (next !== undefined) return replaced(file.text, { start: item.start, end: next.start }, '');
  return replaced(file.text, { start: before?.end ?? item.start, end: item.end }, '');
}

function swappedItems(file: ParsedFile, random: SeededRandom): string | undefined {
  const list = pickFrom(
    random,
    file.lists.filter(({ length }) => length > 1),
  );
  const pair = list && [random.pick(list), random.pick(list)].sort((left, right) => left.start - right.start);
  const [first, second] = pair ?? [];
  if (first === undefined || second === undefined || first === second) return undefined;
  return replaced(replaced(file.text, second, textOf(file, first)), first, textOf(file, second));
}

function repeatedItem(file: ParsedFile, random: SeededRandom): string | undefined {
  const item = pickFrom(random, pickFrom(random, file.lists) ?? []);
  if (item === undefined) return undefined;
  const glue = /Statement|Declaration$|Definition$/.test(item.type) ? '\n' : ', ';
  return replaced(file.text, { start: item.end, end: item.end }, `${glue}${textOf(file, item)}`);
}

function otherNodeOfType(file: ParsedFile, random: SeededRandom): string | undefined {
  const target = pickFrom(
    random,
    file.nodes.filter(({ type }) => type !== 'Program'),
  );
  const source = pickFrom(
    random,
    file.nodes.filter(({ type }) => type === target?.type),
  );
  return target && source && replaced(file.text, target, textOf(file, source));
}

function statementFromElsewhere(file: ParsedFile, random: SeededRandom, program: Program): string | undefined {
  const path = random.pick(Object.keys(program).filter((name) => /\.c?[jt]s$/.test(name)));
  const statements = parsed(path, program[path] ?? '', path).lists[0] ?? [];
  const [statement, place] = [pickFrom(random, statements), pickFrom(random, file.lists[0] ?? [])];
  if (statement === undefined || place === undefined || file.path.endsWith('.json')) return undefined;
  const text = (program[path] ?? '').slice(statement.start, statement.end);
  return replaced(file.text, { start: place.end, end: place.end }, `\n${text}`);
}

function repointedImport(file: ParsedFile, random: SeededRandom, program: Program): string | undefined {
  const sources = file.nodes.map((node) => node['source']).filter(isNode);
  const source = pickFrom(random, sources);
  const others = Object.keys(program).filter((name) => name.endsWith('.ts'));
  const target = random.pick(others).slice('src/'.length).replace('.ts', '.js');
  return source && replaced(file.text, source, `'./${target}'`);
}

/** All uses of one name become uses of another one that is there already. */
function renamed({ text, nodes }: ParsedFile, random: SeededRandom): string | undefined {
  const names = nodes.filter(({ type }) => type === 'Identifier').map((node) => String(node['name']));
  const [from, to] = [pickFrom(random, names), pickFrom(random, names)];
  return from === undefined || to === undefined ? undefined : text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to);
}
