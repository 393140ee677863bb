import { MemoError } from '../errors/memo-error.ts';

/**
 * Definitions are recognised by brand, so that a definition made by another copy of the package is seen for what it is:
 * {@link MemoError} M9001 names both copies, instead of an error about something else.
 */
export const BRAND: unique symbol = Symbol.for('@memo/core/definition') as never;

/** What a branded value carries: its kind and the copy of core that made it. */
export interface Brand {
  readonly kind: 'op' | 'resource' | 'binding' | 'job';
  readonly copy: string;
}

/** This copy of the package. */
export const THIS_COPY: string = import.meta.url;

/** Brands a new definition as this copy's. */
export function brandOf(kind: Brand['kind']): Brand {
  return { kind, copy: THIS_COPY };
}

/** True when a value is a definition of this kind made by this copy. */
export function isBranded(value: unknown, kind: Brand['kind']): boolean {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const brand = (value as { readonly [BRAND]?: Brand })[BRAND];
  if (brand?.kind !== kind) return false;
  if (brand.copy !== THIS_COPY) throw twoCopies(brand.copy, `A ${kind}`);
  return true;
}

/** The error for definitions of two copies that meet. */
export function twoCopies(other: string, what: string): MemoError {
  return new MemoError('M9001', `${what} of one copy of @memo/core meets another copy.`, {
    because: `One is ${packageRoot(THIS_COPY)}, the other ${packageRoot(other)}.`,
    fix: 'Make both resolve to one version: deduplicate the lockfile, and let plugins peer-depend on @memo/core.',
    details: { copies: [packageRoot(THIS_COPY), packageRoot(other)] },
  });
}

function packageRoot(moduleUrl: string): string {
  return moduleUrl.replace(/\/(?:src|dist)\/.*$/, '').replace(/^file:\/\//, '');
}
