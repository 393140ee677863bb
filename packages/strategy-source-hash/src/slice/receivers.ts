import { type ChildVisitor, visitChildren } from '../syntax-children.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from '../syntax-tree.ts';
import type { Ref } from './unit.ts';

/** What `this` is: what a function is called on that may be called on anything, or the class that a static block is in. */
export type Receiver = 'param' | Ref;

interface Place {
  readonly receiver?: Receiver;
  /** The object literal, or the body of the class, whose method the code is part of. */
  readonly owner?: SyntaxNode;
}

const NOWHERE: Place = {};
const CALLED: Place = { receiver: 'param' };

/** What `this` is wherever that can be told. */
export class Receivers implements ChildVisitor<Place> {
  readonly #program: SyntaxNode;
  #found: Map<SyntaxNode, Place> | undefined;

  constructor(program: SyntaxNode) {
    this.#program = program;
  }

  of(node: SyntaxNode): Receiver | undefined {
    return this.#places().get(node)?.receiver;
  }

  ownerAt(node: SyntaxNode): SyntaxNode | undefined {
    return this.#places().get(node)?.owner;
  }

  visitChild(node: SyntaxNode, parent: SyntaxNode, place: Place): void {
    switch (node.type) {
      case 'ThisExpression':
        if (place !== NOWHERE) this.#found?.set(node, place);
        return;
      case 'FunctionDeclaration':
        return visitChildren(node, this, CALLED);
      case 'FunctionExpression':
        return visitChildren(node, this, parent.type === 'Property' ? place : CALLED);
      case 'ObjectExpression':
        return this.#object(node, place);
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node, parent);
      default:
        visitChildren(node, this, place);
    }
  }

  #places(): ReadonlyMap<SyntaxNode, Place> {
    if (this.#found === undefined) {
      this.#found = new Map();
      visitChildren(this.#program, this, NOWHERE);
    }
    return this.#found;
  }

  /** Methods have an owner; arrow functions, and all else in an object, stand where the object does. */
  #object(node: SyntaxNode, place: Place): void {
    for (const property of nodesAt(node, 'properties')) {
      const isMethod = nodeAt(property, 'value')?.type === 'FunctionExpression';
      visitChildren(property, this, isMethod ? { owner: node } : place);
    }
  }

  #class(node: SyntaxNode, parent: SyntaxNode): void {
    const name = textAt(nodeAt(node, 'id') ?? node, 'name');
    const isTop = parent.type === 'Program' || parent.type.startsWith('Export');
    const itself: Place = isTop && name !== undefined ? { receiver: { to: 'own', name } } : NOWHERE;
    const body = nodeAt(node, 'body') ?? node;
    for (const member of nodesAt(body, 'body')) {
      const isStatic = member.type === 'StaticBlock' || (member.static === true && member.type !== 'MethodDefinition');
      const place = isStatic && itself !== NOWHERE ? itself : { owner: body };
      const method = member.type === 'MethodDefinition' ? nodeAt(member, 'value') : undefined;
      visitChildren(method ?? member, this, place);
    }
  }
}
