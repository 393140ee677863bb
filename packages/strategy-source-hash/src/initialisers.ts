import { isInMainGuard, isKnownFile, isValueUse } from './expression-position.ts';
import type { Finding } from './finding.ts';
import { questionByName, questionsByCall } from './machine-questions.ts';
import { isOfMachine, kindOfQuestion, type MachineQuestion } from './machine-values.ts';
import type { FileScope } from './module-references.ts';
import { argumentsOf, memberName, type Names } from './names.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { isFunction } from './traversal.ts';

/** A call, by name. `.load` stands for any method of that name; `from` is set when the name is imported. */
export interface CallByName {
  readonly unit: string;
  readonly from?: string;
  /** Where it stands in the text. */
  readonly offset: number;
}

/** What runs together: the top level of a module, or one named function. */
export interface Unit {
  /** Reads of argv, files, network, clock, randomness or the operating system. */
  readonly findings: Finding[];
  readonly calls: CallByName[];
}

/** What runs while a module is loaded, and what its functions would do if called then. */
export interface InitialiserFacts {
  readonly module: Unit;
  readonly functions: ReadonlyMap<string, Unit>;
  /** Exported name → the name of the function or class in the file, where they differ. */
  readonly aliases: ReadonlyMap<string, string>;
}

const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/^process\.(argv|argv0|execArgv|stdin)$|^node:util\.parseArgs$/, 'the command line'],
  [
    /^process\.(cwd|pid|ppid|title|debugPort|gete?[ug]id|getgroups|memoryUsage|availableMemory|constrainedMemory|cpuUsage|resourceUsage|umask|report|connected)$|^node:v8\.get/,
    'the process',
  ],
  [/^process\.(execPath|config)$/, 'how Node is installed'],
  [/^process\.std(out|err)\.(isTTY|columns|rows|hasColors|getColorDepth|getWindowSize)$/, 'the terminal'],
  [/^node:worker_threads\.(isMainThread|threadId|workerData|resourceLimits)$/, 'the thread'],
  [/^process\.(hrtime|uptime)$/, 'the clock'],
  [
    /^Date\.now$|^(node:perf_hooks\.)?performance\.(now|timeOrigin|mark|measure|toJSON|eventLoopUtilization)$|^Temporal\.Now\./,
    'the clock',
  ],
  [/^Math\.random$|^node:crypto\.(random|generate(Key|Prime))/, 'randomness'],
  [/^(node:crypto\.webcrypto|(node:crypto\.)?crypto)\.(randomUUID|getRandomValues|subtle\.generateKey)$/, 'randomness'],
  [/^(fetch|XMLHttpRequest|WebSocket|EventSource)$|^node:(http|https|http2|net|tls|dns|dgram)\b/, 'the network'],
  [/^node:os\.|^navigator\./, 'the operating system'],
  [/^node:fs\.|^(local|session)Storage\./, 'the file system'],
  [/^node:child_process\./, 'another process'],
];

/** What is asked by reading it: for a function that only happens where it is called, under whatever name. */
const ANSWERS =
  /^process\.(argv|argv0|execArgv|pid|ppid|title|debugPort|connected|execPath|config|platform|arch|version|versions(\.\w+)?)$|^process\.std(out|err)\.(isTTY|columns|rows)$|performance\.timeOrigin$|^node:worker_threads\.|^navigator\.|^node:os\.(EOL|devNull)$|^node:path\.(delimiter|sep)$/;

/** Collects {@link InitialiserFacts} during one walk over a file. */
export class InitialiserCollector {
  readonly module: Unit = { findings: [], calls: [] };
  readonly functions: Map<string, Unit> = new Map();
  readonly aliases: Map<string, string> = new Map();
  readonly #names: Names;
  readonly #knownFiles: ReadonlySet<string>;
  /** Local names that hold a job: running one at the end of its file initialises nothing. */
  readonly #jobs = new Set<string>();
  readonly #sources = new Map<string, string>();
  /** Node → the unit that it runs in. */
  readonly #owners = new Map<SyntaxNode, Unit | undefined>();

  constructor({ names, knownFiles }: FileScope) {
    this.#names = names;
    this.#knownFiles = knownFiles;
  }

  /** What was found, without the tree that it was found in: facts are kept as long as the process runs. */
  facts(): InitialiserFacts {
    const { module, functions, aliases } = this;
    return { module, functions, aliases };
  }

  visit(node: SyntaxNode, ancestors: readonly SyntaxNode[]): void {
    switch (node.type) {
      case 'VariableDeclarator':
        this.#visitDeclarator(node);
        break;
      case 'ExportDefaultDeclaration':
        this.#alias('default', exportedName(nodeAt(node, 'declaration')));
        break;
      case 'ExportSpecifier':
        this.#alias(nameText(nodeAt(node, 'exported')), nameText(nodeAt(node, 'local')));
        break;
      case 'CallExpression':
      case 'NewExpression':
        this.#visitCall(node, ancestors);
        break;
      case 'Identifier':
      case 'MemberExpression':
        if (isValueUse(node, ancestors.at(-1))) this.#visitName(node, ancestors);
        break;
      default:
    }
  }

  #visitDeclarator(node: SyntaxNode): void {
    const init = nodeAt(node, 'init');
    if (init?.type !== 'CallExpression' || this.#names.pathOf(nodeAt(init, 'callee')) !== '@memo/core.job') return;
    this.#jobs.add(String(nodeAt(node, 'id')?.name));
  }

  #alias(exported: string | undefined, local: string | undefined): void {
    if (exported !== undefined && local !== undefined && exported !== local) this.aliases.set(exported, local);
  }

  #visitName(node: SyntaxNode, ancestors: readonly SyntaxNode[]): void {
    const path = this.#names.pathOf(node);
    if (path === undefined) return;
    const isMachine = isOfMachine(path);
    const source = isMachine ? '' : this.#sourceOf(path);
    if ((source === '' && !isMachine) || this.#isKnownRead(node, path, ancestors)) return;
    if (isMachine) return this.#ask(questionByName(path, node, ancestors), node, ancestors);
    this.#report(node, ancestors, `${path.replace('node:', '')} asks ${source}`);
  }

  /** What a path asks; empty for most. */
  #sourceOf(path: string): string {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const source = IMPURE.find(([pattern]) => pattern.test(path))?.[1] ?? '';
    this.#sources.set(path, source);
    return source;
  }

  #isKnownRead(node: SyntaxNode, path: string, ancestors: readonly SyntaxNode[]): boolean {
    const [around, parent] = ancestors.slice(-2);
    if (around?.type === 'ObjectPattern') return !ANSWERS.test(path);
    if (parent?.type === 'VariableDeclarator') return parent.init !== node || !ANSWERS.test(path);
    if (parent?.type !== 'CallExpression' || parent.callee !== node) return false;
    const [first] = argumentsOf(parent);
    if (path === 'node:util.parseArgs') return first !== undefined && hasOwnArguments(first);
    return isKnownFile(first, this.#names, this.#knownFiles);
  }

  #visitCall(node: SyntaxNode, ancestors: readonly SyntaxNode[]): void {
    const callee = nodeAt(node, 'callee');
    const isDate = this.#names.pathOf(callee) === 'Date';
    if (isDate && (node.type === 'CallExpression' || nodesAt(node, 'arguments').length === 0)) {
      this.#report(node, ancestors, 'Date asks the clock');
    }
    for (const question of questionsByCall(node, this.#names)) this.#ask(question, node, ancestors);
    const unit = this.#ownerOf(node, ancestors);
    if (unit === undefined) return;
    for (const called of [callee, ...nodesAt(node, 'arguments')]) {
      const call = called === undefined ? undefined : this.#callOf(called, node.start);
      if (call !== undefined) unit.calls.push(call);
    }
  }

  #callOf(called: SyntaxNode, offset: number): CallByName | undefined {
    if (called.type === 'Identifier') {
      const imported = this.#names.importOf(String(called.name));
      if (imported === undefined) return { unit: String(called.name), offset };
      return { unit: imported.name, from: imported.specifier, offset };
    }
    const method = called.type === 'MemberExpression' ? memberName(called) : undefined;
    if (method === undefined) return undefined;
    const imported = this.#names.importOf(textAt(rootOf(called), 'name') ?? '');
    if (imported === undefined) return { unit: `.${method}`, offset };
    return { unit: imported.name === '*' ? method : `.${method}`, from: imported.specifier, offset };
  }

  #report(node: SyntaxNode, ancestors: readonly SyntaxNode[], what: string): void {
    const message = `${what} while the module is loaded: the answer is not part of the version`;
    this.#ownerOf(node, ancestors)?.findings.push({ kind: 'impure-initialiser', message, offset: node.start });
  }

  #ask(question: MachineQuestion | undefined, node: SyntaxNode, ancestors: readonly SyntaxNode[]): void {
    if (question === undefined) return;
    const message = `the ${question.path.replace(/^node:|^process\./, '')} of the machine is asked while the module is loaded`;
    this.#ownerOf(node, ancestors)?.findings.push({ kind: kindOfQuestion(question), message, offset: node.start });
  }

  /** The unit that a node runs in; `undefined` when it runs later, when nobody can say who calls it, or only in a main program. */
  #ownerOf(node: SyntaxNode, ancestors: readonly SyntaxNode[]): Unit | undefined {
    let owner: Unit | undefined = this.module;
    let index = ancestors.length - 1;
    for (; index >= 0; index -= 1) {
      const around = ancestors[index] as SyntaxNode;
      const boundary = this.#boundaryAt({ ancestors, index }, ancestors[index + 1] ?? node);
      if (boundary !== undefined) {
        owner = boundary.unit;
        break;
      }
      if (this.#owners.has(around)) {
        owner = this.#owners.get(around);
        break;
      }
    }
    // Calls in a chain stand in each other: what is around all of them is looked at once.
    for (const inside of ancestors.slice(index + 1)) this.#owners.set(inside, owner);
    this.#owners.set(node, owner);
    return owner;
  }

  /** Set where something begins at a node that runs by itself: its unit, if anybody can say who calls it. */
  #boundaryAt(at: Around, child: SyntaxNode): { readonly unit: Unit | undefined } | undefined {
    const around = at.ancestors[at.index] as SyntaxNode;
    const name = boundaryName(around, at, child);
    if (name !== undefined) return { unit: name === '' ? undefined : this.#unit(name) };
    const isLater = isFunction(around) && !this.#runsInPlace(around, at.ancestors[at.index - 1]);
    return isLater || this.#isJobRun(around) || isInMainGuardBody(around, this.#names)
      ? { unit: undefined }
      : undefined;
  }

  #unit(name: string): Unit {
    const unit = this.functions.get(name) ?? { findings: [], calls: [] };
    this.functions.set(name, unit);
    return unit;
  }

  /** True for functions that are called at once, and for those handed to a call, which may call them at once. */
  #runsInPlace(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
    if (parent?.type !== 'CallExpression' && parent?.type !== 'NewExpression') return false;
    if (parent.callee === node) return true;
    return this.#names.pathOf(nodeAt(parent, 'callee'))?.startsWith('@memo/') !== true;
  }

  #isJobRun(node: SyntaxNode): boolean {
    const callee = node.type === 'CallExpression' ? nodeAt(node, 'callee') : undefined;
    return callee?.type === 'MemberExpression' && this.#jobs.has(String(nodeAt(callee, 'object')?.name));
  }
}

/** Where a node stands: at a place in the list of those around another one. */
interface Around {
  readonly ancestors: readonly SyntaxNode[];
  readonly index: number;
}

/** The name of the unit that begins at a node; `''` for a function that has no name to call it by. */
function boundaryName(node: SyntaxNode, around: Around, child: SyntaxNode): string | undefined {
  const parent = around.ancestors[around.index - 1];
  if (node.type === 'PropertyDefinition' || node.type === 'AccessorProperty') {
    return node.static === true || node.value !== child ? undefined : className(around);
  }
  if (!isFunction(node) || parent === undefined) return undefined;
  if (node.type === 'FunctionDeclaration') return textAt(nodeAt(node, 'id') ?? node, 'name') ?? 'default';
  switch (parent.type) {
    case 'VariableDeclarator':
      return textAt(nodeAt(parent, 'id') ?? parent, 'name') ?? '';
    case 'MethodDefinition':
      return parent.kind === 'constructor' ? className(around) : `.${keyName(parent)}`;
    case 'Property':
    case 'PropertyDefinition':
      return `.${keyName(parent)}`;
    case 'ExportDefaultDeclaration':
      return 'default';
    case 'AssignmentExpression':
      return assignedName(nodeAt(parent, 'left'));
    default:
      return undefined;
  }
}

function className({ ancestors, index }: Around): string {
  const outer = ancestors.slice(0, index);
  const at = outer.findLastIndex((node) => node.type === 'ClassDeclaration' || node.type === 'ClassExpression');
  const id = nodeAt(outer[at] ?? emptyNode, 'id') ?? nodeAt(outer[at - 1] ?? emptyNode, 'id');
  return textAt(id ?? emptyNode, 'name') ?? 'default';
}

function exportedName(declaration: SyntaxNode | undefined): string | undefined {
  return declaration?.type === 'Identifier' ? nameText(declaration) : nameText(nodeAt(declaration ?? emptyNode, 'id'));
}

function nameText(node: SyntaxNode | undefined): string | undefined {
  return node === undefined ? undefined : (textAt(node, 'name') ?? textAt(node, 'value'));
}

const emptyNode: SyntaxNode = { type: '', start: 0, end: 0 };

function keyName(node: SyntaxNode): string {
  const key = nodeAt(node, 'key') ?? emptyNode;
  return textAt(key, 'name') ?? textAt(key, 'value') ?? '';
}

function assignedName(target: SyntaxNode | undefined): string {
  if (target?.type === 'Identifier') return String(target.name);
  return target?.type === 'MemberExpression' ? (memberName(target) ?? '') : '';
}

/** `parseArgs({ args: [] })` is told what to parse. */
function hasOwnArguments(options: SyntaxNode): boolean {
  return nodesAt(options, 'properties').some((property) => keyName(property) === 'args');
}

function rootOf(node: SyntaxNode): SyntaxNode {
  const object = node.type === 'MemberExpression' ? nodeAt(node, 'object') : undefined;
  return object === undefined ? node : rootOf(object);
}

function isInMainGuardBody(node: SyntaxNode, names: Names): boolean {
  const test = node.type === 'IfStatement' ? nodeAt(node, 'test') : undefined;
  return test !== undefined && isInMainGuard(test, [node], names);
}
