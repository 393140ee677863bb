import { digestText } from '../digest.ts';
import { jsonForm, jsonProperty } from '../json-form.ts';

/** All that counts of a member of a JSON value, or of the whole value: methods that all values have can see all of it. */
export function jsonToken(json: unknown, member: string | undefined): string {
  const isWhole = member === undefined || (isInherited(json, member) && !Object.hasOwn(Object(json), member));
  const value = isWhole ? json : jsonProperty(json, member);
  // Equal objects are two: it shows where one of them is changed.
  const which = isWhole || typeof value !== 'object' || value === null ? '' : ` ${member}`;
  return `json ${digestText(jsonForm(value))}${which}`;
}

function isInherited(json: unknown, member: string): boolean {
  return json !== null && member in Object(json);
}
