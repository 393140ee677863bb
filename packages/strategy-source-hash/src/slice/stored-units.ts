import { jsonProperty } from '../json-form.ts';
import type { Export, FileUnits, OpUnit, Ref, Unit } from './unit.ts';

/** Units as JSON. */
export function storedUnits({ imports, ...units }: FileUnits): unknown {
  return { ...units, imports: [...imports] };
}

/** The units that {@link storedUnits} gave; `undefined` for anything that it cannot have given. */
export function unitsFrom(stored: unknown): FileUnits | undefined {
  const [units, ops, members, exports] = ['units', 'ops', 'members', 'exports'].map((name) =>
    jsonProperty(stored, name),
  );
  const [stars, imports, calls] = ['stars', 'imports', 'calls'].map((name) => jsonProperty(stored, name));
  const [isWhole, mistakes] = [jsonProperty(stored, 'isWhole'), jsonProperty(stored, 'mistakes')];
  const isValid =
    isListOf<Unit>(units, isUnit) &&
    isListOf<OpUnit>(
      ops,
      (op) =>
        isUnit(op) &&
        isNumber(jsonProperty(op, 'callStart')) &&
        isNumber(jsonProperty(op, 'callEnd')) &&
        isListOf(jsonProperty(op, 'outlines'), isText),
    ) &&
    isListOf<Unit>(members, isUnit) &&
    isListOf<Export>(exports, (one) => isText(jsonProperty(one, 'name')) && isText(jsonProperty(one, 'local'))) &&
    isListOf<string>(stars, isText) &&
    isListOf<number>(calls, isNumber) &&
    isListOf<string>(mistakes, isText) &&
    isListOf<[string, Ref]>(imports, (pair) => Array.isArray(pair) && isText(pair[0]) && isRef(pair[1]));
  if (!isValid || typeof isWhole !== 'boolean') return undefined;
  return { units, ops, members, exports, stars, imports: new Map(imports), calls, isWhole, mistakes };
}

const FLAGS = ['isAssigned', 'executes', 'awaits', 'hasTraps', 'isEffect', 'writesParams', 'writesGlobals', 'isGlobal'];

function isUnit(value: unknown): boolean {
  const refs = jsonProperty(value, 'refs');
  if (!isListOf<Ref>(refs, isRef)) return false;
  const isIndex = (index: unknown): boolean => isNumber(index) && Number(index) < refs.length;
  return (
    isText(jsonProperty(value, 'name')) &&
    isText(jsonProperty(value, 'own')) &&
    isText(jsonProperty(value, 'holds')) &&
    isListOf(jsonProperty(value, 'binds'), isText) &&
    isNumber(jsonProperty(value, 'start')) &&
    isNumber(jsonProperty(value, 'end')) &&
    isListOf(jsonProperty(value, 'picks') ?? [], (one) => isIndex(jsonProperty(one, 'ref')) && hasMembers(one)) &&
    isListOf(jsonProperty(value, 'reads'), isIndex) &&
    isListOf(jsonProperty(value, 'dormant'), isIndex) &&
    isListOf(jsonProperty(value, 'makers'), isIndex) &&
    isListOf(
      jsonProperty(value, 'writes'),
      (write) => isIndex(jsonProperty(write, 'ref')) && typeof jsonProperty(write, 'isDeep') === 'boolean',
    ) &&
    isListOf(jsonProperty(value, 'traits'), isText) &&
    isListOf(jsonProperty(value, 'passes'), (pass) => isIndex(jsonProperty(pass, 'ref'))) &&
    FLAGS.every((flag) => typeof jsonProperty(value, flag) === 'boolean')
  );
}

function isRef(value: unknown): boolean {
  const to = jsonProperty(value, 'to');
  if (to === 'own') return isText(jsonProperty(value, 'name'));
  if (!isText(jsonProperty(value, 'from'))) return false;
  return to === 'module' ? isText(jsonProperty(value, 'how')) : to === 'import' && isText(jsonProperty(value, 'name'));
}

function hasMembers(value: unknown): boolean {
  return isListOf(jsonProperty(value, 'members'), isText);
}

function isListOf<T>(value: unknown, isOne: (one: unknown) => boolean): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
