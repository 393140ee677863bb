import type { KnownUnit } from './placed-unit.ts';
import type { Write } from './unit.ts';

/** True where code that does something with a value by its name may change it; `isForeign`: a function of a package has made it. */
export function isChangedBy(
  { unit }: { readonly unit: KnownUnit },
  { how, isCall }: Pick<Write, 'how' | 'isCall'>,
  isForeign: () => boolean,
): boolean {
  switch (unit.holds) {
    case 'framework':
      return how === 'assign';
    case 'function':
      return how === 'assign' || !isCall || (unit.isAssigned && how !== 'query');
    case 'constant':
      return how === 'assign' || (unit.isAssigned && how !== 'query');
    case 'literal':
      return how !== 'query';
    case 'made':
      return how === 'assign' || how === 'statement' || !isForeign();
  }
}
