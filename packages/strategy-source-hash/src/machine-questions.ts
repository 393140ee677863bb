import { isOfMachine, type MachineQuestion } from './machine-values.ts';
import { argumentsOf, literalText, memberName, type Names } from './names.ts';
import { nodeAt, nodesAt, type SyntaxNode, textAt } from './syntax-tree.ts';
import { unwrapped } from './type-syntax.ts';

/** What is asked of the machine where its path is named; `undefined` where nothing is. `node` is the innermost of `ancestors`. */
export function questionByName(
  path: string,
  node: SyntaxNode,
  ancestors: readonly SyntaxNode[],
): MachineQuestion | undefined {
  if (!isOfMachine(path)) return undefined;
  const around = ancestors.toReversed();
  const parents = around.filter(({ type }) => type !== 'ChainExpression' && type !== 'ParenthesizedExpression');
  const [parent] = parents;
  if (path === 'process.versions' && parent?.type === 'MemberExpression' && memberName(parent) !== undefined)
    return undefined;
  if (path === 'process.versions.node' && takesMajor(parents)) return undefined;
  const equals = parent === undefined ? undefined : comparedWith(parent, node);
  return equals === undefined ? { path } : { path, equals };
}

/** `process.versions.node.split('.')[0]`: the major version of Node counts anyway. */
function takesMajor([split, call, first]: readonly SyntaxNode[]): boolean {
  if (split?.type !== 'MemberExpression' || memberName(split) !== 'split') return false;
  if (call?.type !== 'CallExpression' || literalText(argumentsOf(call)[0]) !== '.') return false;
  return first?.type === 'MemberExpression' && first.computed === true && nodeAt(first, 'property')?.value === 0;
}

/** The literal that a value is compared with, as JSON; `null` also where it is only asked whether there is a value. */
function comparedWith(comparison: SyntaxNode, asked: SyntaxNode): string | undefined {
  const operator = String(comparison.operator);
  if (comparison.type === 'UnaryExpression') return operator === '!' ? 'null' : undefined;
  if (comparison.type !== 'BinaryExpression' || !/^[!=]==?$/.test(operator)) return undefined;
  const sides = [nodeAt(comparison, 'left'), nodeAt(comparison, 'right')].map(unwrapped);
  const other = sides.find((side) => side !== unwrapped(asked));
  if (other === undefined) return undefined;
  if (other.raw === 'null' || other.name === 'undefined') return 'null';
  const text = literalText(other);
  return text === undefined ? undefined : JSON.stringify(text);
}

/** What is asked of the machine by a call or `new`: its locale, its time zone. */
export function questionsByCall(call: SyntaxNode, names: Names): readonly MachineQuestion[] {
  const callee = nodeAt(call, 'callee');
  const path = names.pathOf(callee) ?? '';
  const [first, second] = argumentsOf(call);
  const { length } = nodesAt(call, 'arguments');
  if (path === 'Date' || path === 'Date.parse') {
    const isLocal = length > 1 || (length === 1 && mayBeLocal(first, names));
    return isLocal && (call.type === 'NewExpression' || path !== 'Date') ? [TIME_ZONE] : [];
  }
  const method = callee?.type === 'MemberExpression' ? memberName(callee) : undefined;
  if (method === undefined) return [];
  if (method === 'localeCompare') return hasNone(second) ? [LOCALE] : [];
  if (LOCAL_TIME.test(method)) return [TIME_ZONE];
  const isIntl = INTL.test(path);
  if (!isIntl && !LOCAL_FORMS.test(method)) return [];
  const asksZone = method !== 'toLocaleLowerCase' && method !== 'toLocaleUpperCase';
  const zone = (isIntl ? method === 'DateTimeFormat' : asksZone) && !namesZone(second) ? [TIME_ZONE] : [];
  return [...(hasNone(first) ? [LOCALE] : []), ...zone];
}

const LOCALE: MachineQuestion = { path: 'locale' };
const TIME_ZONE: MachineQuestion = { path: 'time zone' };

const INTL =
  /^Intl\.(Collator|DateTimeFormat|DisplayNames|DurationFormat|ListFormat|NumberFormat|PluralRules|RelativeTimeFormat|Segmenter)$/;
const LOCAL_FORMS = /^toLocale(String|DateString|TimeString|LowerCase|UpperCase)$/;
const LOCAL_TIME =
  /^([gs]et(Year|FullYear|Month|Date|Day|Hours|Minutes|Seconds)|getTimezoneOffset|to(Date|Time)String)$/;

/** True where no locale is given, so that it is that of the process. */
function hasNone(locales: SyntaxNode | undefined): boolean {
  const given = unwrapped(locales);
  if (given === undefined || textAt(given, 'name') === 'undefined') return true;
  return given.type === 'ArrayExpression' && nodesAt(given, 'elements').length === 0;
}

function namesZone(options: SyntaxNode | undefined): boolean {
  const given = unwrapped(options);
  return (
    given !== undefined &&
    nodesAt(given, 'properties').some((one) => textAt(nodeAt(one, 'key') ?? one, 'name') === 'timeZone')
  );
}

/** False for what is a point in time, wherever it is read. */
function mayBeLocal(time: SyntaxNode | undefined, names: Names): boolean {
  const given = unwrapped(time);
  const text = literalText(given);
  if (text !== undefined) return !/^\d{4}(-\d\d){0,2}$|(Z|GMT|UTC|[+-]\d\d:?\d\d)$/.test(text);
  switch (given?.type) {
    case 'Literal':
    case 'UnaryExpression':
      return false;
    case 'BinaryExpression':
      return given.operator === '+';
    case 'NewExpression':
      return names.pathOf(nodeAt(given, 'callee')) !== 'Date';
    case 'CallExpression': {
      const callee = nodeAt(given, 'callee');
      if (/^(Date\.(UTC|now)|Number)$/.test(names.pathOf(callee) ?? '')) return false;
      return callee?.type !== 'MemberExpression' || !/^(getTime|valueOf)$/.test(memberName(callee) ?? '');
    }
    default:
      return true;
  }
}
