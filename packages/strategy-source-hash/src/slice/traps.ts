import { literalText, memberName } from '../names.ts';
import { nodeAt, type SyntaxNode, textAt } from '../syntax-tree.ts';

/** Names of methods that run when nobody calls them: those of objects, of proxies, and of what describes a property. They may be any function. */
const TRAPS =
  /^(?:valueOf|toString|toJSON|then|get|set|has|apply|construct|deleteProperty|ownKeys|getPrototypeOf|getOwnPropertyDescriptor)$/;

/** Those that conversions call: whoever puts one into an object somehow has to name it. */
const CONVERSIONS = /^(?:valueOf|toString|toJSON|then)$/;

const DEFINES_TRAP = /^__define[GS]etter__$/;

/** True for code that makes a value run code as it is read, converted or iterated over. */
export function isTrap(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'Property':
    case 'MethodDefinition': {
      if (node.kind === 'get' || node.kind === 'set' || node.computed === true) return true;
      const key = nodeAt(node, 'key');
      return TRAPS.test(key === undefined ? '' : (textAt(key, 'name') ?? literalText(key) ?? ''));
    }
    case 'AssignmentExpression':
      return TRAPS.test(memberName(nodeAt(node, 'left') ?? node) ?? '');
    case 'MemberExpression':
      return DEFINES_TRAP.test(memberName(node) ?? '') || textAt(nodeAt(node, 'object') ?? node, 'name') === 'Symbol';
    case 'Literal':
    case 'TemplateLiteral':
      return CONVERSIONS.test(literalText(node) ?? '');
    default:
      return false;
  }
}
