// Properties of nodes that were written before the others are, or are no part of the form.
export const NOTHING_DONE: ReadonlySet<string> = new Set();
export const VARIABLES_DONE: ReadonlySet<string> = new Set(['kind']);
export const KEYED_DONE: ReadonlySet<string> = new Set(['key', 'computed', 'shorthand']);
export const ENUM_MEMBER_DONE: ReadonlySet<string> = new Set(['id', 'computed']);
export const ARROW_DONE: ReadonlySet<string> = new Set(['body', 'expression']);
export const MEMBER_DONE: ReadonlySet<string> = new Set(['property', 'computed']);
export const ATTRIBUTE_DONE: ReadonlySet<string> = new Set(['name', 'value']);
export const LABEL_DONE: ReadonlySet<string> = new Set(['label']);
export const TAGGED_TEMPLATE_DONE: ReadonlySet<string> = new Set(['tag', 'quasi']);
