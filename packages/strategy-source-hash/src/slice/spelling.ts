import type { Unit } from './unit.ts';

/** What is read from the spelling of a unit, not from its tree. */
export interface Spelling {
  readonly namesThis: boolean;
  /** A class of which only instances can be changed by code of its own. */
  readonly isPlainClass: boolean;
  /** A statement that makes a function. */
  readonly makesFunction: boolean;
}

export function spellingOf({ start, end, isEffect }: Unit, text: string): Spelling {
  const code = text.slice(start, end);
  const isClass = /^(?:export\s+(?:default\s+)?)?(?:abstract\s+)?class\b/.test(code);
  return {
    namesThis: /\bthis\b/.test(code),
    isPlainClass: isClass && !/\bstatic\b/.test(code),
    makesFunction: isEffect && /=>|\bfunction\b|\)\s*\{/.test(code),
  };
}
