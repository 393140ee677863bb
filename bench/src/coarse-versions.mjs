// The two ways in which versions are usually made from source code, to compare with.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const OPS = 'src/ops.ts';

/** What `Function.prototype.toString` gives for the function of the op, wherever that stands. */
export function functionTextOf(root) {
  const files = [...closure(root)]
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .map((file) => readFileSync(file, 'utf8'));
  for (const text of files) {
    const call =
      /export const main = op\(\s*(?:'[^']*'|`[^`]*`)\s*,\s*/.exec(text) ??
      /\bop\(\s*(?:'[^']*'|`[^`]*`)\s*,\s*/.exec(text);
    if (call !== null) return functionAt(text, call.index + call[0].length, files);
  }
  return '';
}

/** The text of the argument: a function in place, the `run` of an object, or a function of that name anywhere. */
function functionAt(text, start, files) {
  const argument = text.slice(start, endOfArgument(text, start));
  const run = /\brun: /.exec(argument);
  if (argument.startsWith('{') && run !== null) return functionAt(argument, run.index + run[0].length, files);
  if (!/^\w+(?:\.\w+)?$/.test(argument)) return argument;
  const named = new RegExp(`(?:function ${argument}\\b|const ${argument} = )[^]*?(?:\\n|$)`);
  return files.map((file) => named.exec(file)?.[0]).find(Boolean) ?? argument;
}

function endOfArgument(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if ('([{'.includes(text[at])) depth += 1;
    if (')]}'.includes(text[at])) depth -= 1;
    if (depth < 0 || (depth === 0 && text[at] === ',')) return at;
  }
  return text.length;
}

/** The bytes of all files that are imported, directly or not; of npm packages their package.json. */
export function fileClosureOf(root) {
  const sum = createHash('sha256');
  for (const file of [...closure(root)].sort()) sum.update(`${file.slice(root.length)}\n`).update(readFileSync(file));
  return sum.digest('hex');
}

function closure(root) {
  const found = new Set([join(root, OPS)]);
  for (const file of found) {
    if (!/\.[cm]?[jt]sx?$/.test(file)) continue;
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(
      /(?:\bfrom|\bimport|\brequire\(|\bURL\(|import\()\s*\(?['"]([^'"]+)['"]/g,
    )) {
      for (const target of targets(root, file, specifier)) found.add(target);
    }
  }
  return found;
}

function targets(root, from, specifier) {
  const bases = specifier.startsWith('.') ? [join(dirname(from), specifier)] : aliased(root, specifier);
  const own = bases.flatMap(candidates).find((path) => existsSync(path));
  if (own !== undefined) return [realpathSync(own)];
  return packages(root, specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
}

function candidates(base) {
  const stem = base.replace(/\.[cm]?jsx?$/, '');
  return /\.\w+$/.test(base) ? [base, `${stem}.ts`, `${stem}.tsx`] : [`${base}.ts`];
}

/** Where the `paths` of a tsconfig lead. */
function aliased(root, specifier) {
  const tsconfig = join(root, 'tsconfig.json');
  const { paths = {} } = existsSync(tsconfig) ? JSON.parse(readFileSync(tsconfig, 'utf8')).compilerOptions : {};
  return Object.entries(paths).flatMap(([pattern, places]) => {
    const [head, tail = ''] = pattern.split('*');
    if (!specifier.startsWith(head) || !specifier.endsWith(tail)) return [];
    const middle = specifier.slice(head.length, specifier.length - tail.length);
    return places.map((place) => join(root, place.replace('*', middle)));
  });
}

function packages(root, name) {
  const manifest = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) return [];
  const real = realpathSync(manifest);
  const { dependencies = {}, exports } = JSON.parse(readFileSync(real, 'utf8'));
  const source = typeof exports === 'string' ? [join(dirname(real), exports)] : [];
  return [real, ...source, ...Object.keys(dependencies).flatMap((dependency) => packages(root, dependency))];
}
