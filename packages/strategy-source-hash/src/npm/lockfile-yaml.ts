/** What a lockfile can hold: every scalar stays the text that it is written as. */
export type YamlValue = string | readonly YamlValue[] | YamlMap;
export type YamlMap = ReadonlyMap<string, YamlValue>;

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Nesting that no package manager writes: deeper is hostile. */
const MAX_DEPTH = 40;

/**
 * Reads the part of YAML that pnpm and Yarn write: block and flow maps and lists, quoted and plain scalars, block scalars. Of
 * several documents the last one counts. `undefined` for anything else, tabs, anchors, tags and a key given twice among it.
 */
export function parseLockfileYaml(text: string): YamlMap | undefined {
  try {
    const lines = linesOf(text);
    const reader = new BlockReader(lines);
    const value = reader.block(0, 0);
    return reader.isDone && value instanceof Map ? value : undefined;
  } catch (error) {
    if (error instanceof NotTheSubset) return undefined;
    throw error;
  }
}

/** The map under a key; `undefined` when something else is there. */
export function mapIn(map: YamlMap | undefined, key: string): YamlMap | undefined {
  const value = map?.get(key);
  return value instanceof Map ? value : undefined;
}

/** The text under a key; `undefined` when something else is there. */
export function textIn(map: YamlMap | undefined, key: string): string | undefined {
  const value = map?.get(key);
  return typeof value === 'string' ? value : undefined;
}

class NotTheSubset extends Error {}

function linesOf(text: string): readonly Line[] {
  const all = text.replace(/^\uFEFF/, '').split(/\r\n|[\r\n]/);
  const start = all.findLastIndex((line) => /^---(?:\s|$)/.test(line)) + 1;
  return all.slice(start).flatMap((line) => {
    const body = line.trimEnd();
    const trimmed = body.trimStart();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed === '...') return [];
    const indent = body.length - trimmed.length;
    if (body.slice(0, indent).includes('\t')) throw new NotTheSubset();
    return [{ indent, text: trimmed }];
  });
}

class BlockReader {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get isDone(): boolean {
    return this.#at >= this.#lines.length;
  }

  /** The map or list that begins at the current line, whose entries stand at `indent`. */
  block(indent: number, depth: number): YamlValue {
    if (depth > MAX_DEPTH) throw new NotTheSubset();
    return this.#peek()?.text.startsWith('- ') === true ? this.#list(indent) : this.#map(indent, depth);
  }

  #peek(): Line | undefined {
    return this.#lines[this.#at];
  }

  #list(indent: number): YamlValue {
    const items: YamlValue[] = [];
    for (let line = this.#peek(); line?.indent === indent && line.text.startsWith('- '); line = this.#peek()) {
      this.#at += 1;
      items.push(inlineValue(line.text.slice(2).trim()));
      this.#skipDeeperThan(indent);
    }
    return items;
  }

  #map(indent: number, depth: number): YamlMap {
    const entries = new Map<string, YamlValue>();
    for (let line = this.#peek(); line !== undefined && line.indent >= indent; line = this.#peek()) {
      if (line.indent > indent || line.text.startsWith('- ')) throw new NotTheSubset();
      const { key, rest } = line.text.startsWith('? ') ? this.#explicitKey(line) : keyOf(line.text);
      if (entries.has(key)) throw new NotTheSubset();
      entries.set(key, this.#value(rest, indent, depth));
    }
    return entries;
  }

  /** A key too long for one line: `? key`, then `: first: line of the value`. */
  #explicitKey(line: Line): { readonly key: string; readonly rest: string | undefined } {
    const next = this.#lines[this.#at + 1];
    if (next?.indent !== line.indent || !next.text.startsWith(': ')) throw new NotTheSubset();
    const first: Line = { indent: line.indent + 2, text: next.text.slice(2).trim() };
    (this.#lines as Line[])[this.#at + 1] = first;
    return { key: scalar(line.text.slice(2).trim()), rest: undefined };
  }

  #value(rest: string | undefined, indent: number, depth: number): YamlValue {
    this.#at += 1;
    if (rest !== undefined && /^[|>][+-]?\d?$/.test(rest)) return this.#blockScalar(indent);
    if (rest !== undefined) return inlineValue(rest);
    const next = this.#peek();
    const isList = next?.indent === indent && next.text.startsWith('- ');
    if (next === undefined || (next.indent <= indent && !isList)) return '';
    return this.block(next.indent, depth + 1);
  }

  #blockScalar(indent: number): string {
    const start = this.#at;
    this.#skipDeeperThan(indent);
    return this.#lines
      .slice(start, this.#at)
      .map((line) => line.text)
      .join('\n');
  }

  #skipDeeperThan(indent: number): void {
    for (let line = this.#peek(); line !== undefined && line.indent > indent; line = this.#peek()) this.#at += 1;
  }
}

const QUOTED = /^(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")/;

function keyOf(text: string): { readonly key: string; readonly rest: string | undefined } {
  const [quoted] = QUOTED.exec(text) ?? [];
  const end = quoted?.length ?? text.search(/:(?:\s|$)/);
  const after = text.slice(end);
  if (end < 1 || !/^:(?:\s|$)/.test(after)) throw new NotTheSubset();
  const rest = withoutComment(after.slice(1).trim());
  return { key: scalar(text.slice(0, end)), rest: rest === '' ? undefined : rest };
}

function withoutComment(text: string): string {
  if (text.startsWith('#')) return '';
  return /^['"{[]/.test(text) ? text : text.replace(/\s#.*$/, '');
}

function inlineValue(text: string): YamlValue {
  if (!/^[{[]/.test(text)) return scalar(text);
  const { value, end } = flow(text, 0, 0);
  if (withoutComment(text.slice(end).trim()) !== '') throw new NotTheSubset();
  return value;
}

interface Parsed {
  readonly value: YamlValue;
  readonly end: number;
}

function flow(text: string, from: number, depth: number): Parsed {
  if (depth > MAX_DEPTH) throw new NotTheSubset();
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  if (text[start] === '{') return flowMap(text, start + 1, depth + 1);
  if (text[start] === '[') return flowList(text, start + 1, depth + 1);
  const [found] = QUOTED.exec(text.slice(start)) ?? /^(?:[^,{}[\]:]|:(?!\s|$))*/.exec(text.slice(start)) ?? [''];
  return { value: scalar(found.trim()), end: start + found.length };
}

function flowMap(text: string, from: number, depth: number): Parsed {
  const entries = new Map<string, YamlValue>();
  let at = from;
  while (nextMark(text, at) !== '}') {
    const key = flow(text, at, depth);
    if (typeof key.value !== 'string' || nextMark(text, key.end) !== ':') throw new NotTheSubset();
    const item = flow(text, text.indexOf(':', key.end) + 1, depth);
    if (entries.has(key.value)) throw new NotTheSubset();
    entries.set(key.value, item.value);
    at = afterComma(text, item.end, '}');
  }
  return { value: entries, end: text.indexOf('}', at) + 1 };
}

function flowList(text: string, from: number, depth: number): Parsed {
  const items: YamlValue[] = [];
  let at = from;
  while (nextMark(text, at) !== ']') {
    const item = flow(text, at, depth);
    items.push(item.value);
    at = afterComma(text, item.end, ']');
  }
  return { value: items, end: text.indexOf(']', at) + 1 };
}

function nextMark(text: string, at: number): string | undefined {
  return /\S/.exec(text.slice(at))?.[0];
}

function afterComma(text: string, at: number, close: string): number {
  const mark = nextMark(text, at);
  if (mark === close) return at;
  if (mark !== ',') throw new NotTheSubset();
  return text.indexOf(',', at) + 1;
}

const ESCAPES = /\\(?:u[\da-fA-F]{4}|["\\/bfnrt])/g;

function scalar(text: string): string {
  const [quoted] = QUOTED.exec(text) ?? [];
  if (quoted === undefined) return plain(text);
  if (withoutComment(text.slice(quoted.length).trim()) !== '') throw new NotTheSubset();
  const inside = quoted.slice(1, -1);
  if (quoted.startsWith("'")) return inside.replaceAll("''", "'");
  if (inside.replace(ESCAPES, '').includes('\\')) throw new NotTheSubset();
  return JSON.parse(quoted) as string;
}

function plain(text: string): string {
  if (/^[&*!|>%@`'"\t]/.test(text)) throw new NotTheSubset();
  return text;
}
