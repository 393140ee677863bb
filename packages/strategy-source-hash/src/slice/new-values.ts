import { memberName } from '../names.ts';
import { nodeAt, type SyntaxNode } from '../syntax-tree.ts';
import { isFunction } from '../traversal.ts';
import { unwrapped } from '../type-syntax.ts';

/** Says which global an expression names. */
type PathOf = (node: SyntaxNode | undefined) => string | undefined;

/** True for an expression that makes a new value each time: changing it changes nothing else, changing its parts may. */
export function isNewValue(node: SyntaxNode, pathOf: PathOf): boolean {
  const value = unwrapped(node) ?? node;
  if (value.type === 'NewExpression' || isFunction(value) || DECLARES_ITSELF.has(value.type)) return true;
  return value.type === 'ObjectExpression' || value.type === 'TemplateLiteral' || givesNewList(value, pathOf);
}

/** Declarations of a value that holds what stands in them. */
export const DECLARES_ITSELF: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSModuleDeclaration',
]);

/** Values that nobody can change. */
export function isPlainValue({ type }: SyntaxNode): boolean {
  return type === 'Literal' || type === 'TemplateLiteral' || type === 'BinaryExpression' || type === 'UnaryExpression';
}

/** True for an expression that gives a new list of the language: `[...x]`, `Object.keys(x)`, and what methods of these give. */
export function givesNewList(node: SyntaxNode | undefined, pathOf: PathOf): boolean {
  const value = unwrapped(node);
  if (value?.type === 'ArrayExpression') return true;
  if (value?.type !== 'CallExpression') return false;
  const callee = unwrapped(nodeAt(value, 'callee'));
  if (NEW_LISTS.test(pathOf(callee) ?? '')) return true;
  return isMethodOfNewList(callee, pathOf) && GIVE_LISTS.test(memberName(callee as SyntaxNode) ?? '');
}

/** True for an expression that makes a list, map or set of the language in place. */
export function isCollection(node: SyntaxNode | string, pathOf: PathOf): boolean {
  const made = typeof node === 'string' ? undefined : unwrapped(node);
  if (made?.type !== 'NewExpression') return made?.type === 'ArrayExpression';
  return COLLECTIONS.test(pathOf(nodeAt(made, 'callee')) ?? '');
}

/** The value whose method a callee is, where that is one by which collections keep what they are given, and do nothing else with it. */
export function keepingIn(callee: SyntaxNode | undefined): SyntaxNode | undefined {
  const isKeeping = callee?.type === 'MemberExpression' && KEEPS.test(memberName(callee) ?? '');
  return isKeeping ? unwrapped(nodeAt(callee, 'object')) : undefined;
}

const KEEPS = /^(?:add|fill|push|set|splice|unshift)$/;

const COLLECTIONS = /^(?:Array|(?:Weak)?(?:Map|Set))$/;

/** True for a method of a new list, which changes nothing but that list. */
export function isMethodOfNewList(callee: SyntaxNode | undefined, pathOf: PathOf): boolean {
  if (callee?.type !== 'MemberExpression' || !METHODS.test(memberName(callee) ?? '')) return false;
  return givesNewList(nodeAt(callee, 'object'), pathOf);
}

const NEW_LISTS = /^(?:Object\.(?:keys|values|entries|getOwnPropertyNames|getOwnPropertySymbols)|Array\.(?:from|of))$/;

const GIVE_LISTS =
  /^(?:concat|copyWithin|fill|filter|flat|flatMap|map|reverse|slice|sort|splice|toReversed|toSorted|toSpliced|with)$/;

const METHODS =
  /^(?:at|concat|copyWithin|entries|every|fill|filter|find\w*|flat|flatMap|forEach|includes|indexOf|join|keys|lastIndexOf|map|pop|push|reduce|reduceRight|reverse|shift|slice|some|sort|splice|toReversed|toSorted|toSpliced|unshift|values|with)$/;
