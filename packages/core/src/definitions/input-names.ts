/**
 * The input names that a function destructures from its first parameter, or `undefined` where that cannot be told
 * (a plain name, a rest element, a computed key). Only for error messages about wrong wiring.
 */
export function inputNamesOf(run: (...args: never[]) => unknown): readonly string[] | undefined {
  const source = Function.prototype.toString.call(run);
  const start = /^(?:async\s+)?(?:function\s*\*?\s*[\w$]*\s*)?\(\s*\{|^(?:async\s+)?[\w$]+\s*\(\s*\{/.exec(source);
  if (start === null) return undefined;
  const names: string[] = [];
  for (const element of elementsOf(source, start[0].length)) {
    const name = /^([A-Za-z_$][\w$]*)\s*(?:$|[:=])/.exec(element)?.[1];
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

/** Elements of the object pattern that opened before `from`; one empty element where the source is not plain enough. */
function elementsOf(source: string, from: number): readonly string[] {
  const elements: string[] = [];
  let depth = 0;
  let element = '';
  for (let at = from; at < source.length; at++) {
    const char = source.charAt(at);
    if (char === '"' || char === "'" || char === '`' || char === '/') return [''];
    if (char === '}' && depth === 0) return element.trim() === '' ? elements : [...elements, element.trim()];
    if ('{[('.includes(char)) depth++;
    if ('}])'.includes(char)) depth--;
    if (char === ',' && depth === 0) {
      elements.push(element.trim());
      element = '';
    } else {
      element += char;
    }
  }
  return [''];
}
