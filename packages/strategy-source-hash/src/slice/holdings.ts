import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { TYPE_WRAPPERS } from '../type-syntax.ts';
import type { Flows } from './flows.ts';
import { isHarmlessGlobal } from './known-calls.ts';
import type { Meanings } from './name-resolution.ts';
import type { Holding } from './unit.ts';

/** What declarations and expressions hold, as far as their own text says. */
export class Holdings {
  readonly #meanings: Meanings;
  readonly #flows: Flows;

  constructor(meanings: Meanings, flows: Flows) {
    this.#meanings = meanings;
    this.#flows = flows;
  }

  /** Of what a declaration or an expression declares. */
  of(node: SyntaxNode): Holding {
    switch (node.type) {
      case 'FunctionDeclaration':
        return 'function';
      case 'VariableDeclarator': {
        const init = nodeAt(node, 'init');
        if (init === undefined) return 'constant';
        return nodeAt(node, 'id')?.type === 'Identifier' ? this.ofValue(init) : 'made';
      }
      case 'TSEnumDeclaration':
        return 'literal';
      default:
        return /Expression$|^Literal$|^Identifier$/.test(node.type) ? this.ofValue(node) : 'made';
    }
  }

  ofValue(value: SyntaxNode): Holding {
    if (TYPE_WRAPPERS.has(value.type)) return this.ofValue(nodeAt(value, 'expression') ?? value);
    if (isFunction(value)) return 'function';
    switch (value.type) {
      case 'Literal':
        return value.regex === undefined ? 'constant' : 'literal';
      case 'TemplateLiteral':
      case 'UnaryExpression':
      case 'BinaryExpression':
        return 'constant';
      case 'ObjectExpression':
      case 'ArrayExpression':
        return 'literal';
      case 'NewExpression':
      case 'CallExpression':
        return this.#ofCall(nodeAt(value, 'callee'));
      default:
        return 'made';
    }
  }

  #ofCall(callee: SyntaxNode | undefined): Holding {
    const path = this.#flows.globalPath(callee);
    if (path !== undefined && isHarmlessGlobal(path.split('.')[0] ?? '')) return 'literal';
    const meaning = callee === undefined ? undefined : this.#meanings.of.get(callee);
    const ref = meaning !== undefined && 'ref' in meaning ? meaning.ref : undefined;
    return ref?.to === 'import' && ref.from === '@memo/core' ? 'framework' : 'made';
  }
}
