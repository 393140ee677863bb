import type { Form } from './binding.ts';
import type { Pen } from './pen.ts';
import type { Program } from './random-program.ts';
import type { Use } from './surroundings.ts';

const LEGACY: Form = {
  reads: [
    (name) => `${name}.x`,
    (name, argument) => `${name}.f?.(${argument})`,
    (name) => `Object.keys(${name}).join()`,
    (name) => `${name}.late`,
  ],
  writes: [
    (name, literal) => `(${name} as any).x = ${literal};`,
    (name, literal) => `Object.assign(${name}, { late: ${literal} });`,
    (name, literal) => `Object.defineProperty(${name}, 'late', { configurable: true, get: () => ${literal} });`,
  ],
};

const FILES = ['legacy', 'lazy', 'patch', 'cycle'] as const;

/** Modules of CommonJS that use, change and wait for each other. */
export function commonJs({ random, literal, literalNumber }: Pen): Program {
  const part = random.pick([
    `module.exports = { part: ${literalNumber()} };\n`,
    `module.exports.part = ${literalNumber()};\nObject.defineProperty(exports, 'more', { enumerable: true, get: () => ${literal()} });\n`,
    `class Part { static part = ${literalNumber()}; }\nmodule.exports = Part;\n`,
    `let state = ${literalNumber()};\nmodule.exports = { get part() { state += 1; return state; }, reset: () => { state = ${literalNumber()}; } };\n`,
  ]);
  return {
    'src/legacy.cjs': `const { part } = require('./part.cjs');\nexports.x = ${literal()};\nexports.f = function (n) { return n + part + ${literal()}; };\n`,
    'src/lazy.cjs': `const data = require('./data.json');\nObject.assign(exports, require('./part.cjs'), { x: data.a });\nexports.f = (n) => [n, require('./legacy.cjs').x, ${literal()}].join();\n`,
    'src/patch.cjs': `const legacy = require('./legacy.cjs');\nlegacy.late = ${literal()};\nif (${literal()}) legacy.x = require('./part.cjs').part;\nmodule.exports = { x: ${literal()}, f: (n) => legacy.f(n) };\n`,
    'src/cycle.cjs': `exports.x = ${literal()};\nconst other = require('./circle.cjs');\nexports.f = (n) => [other.y, other.seen, n].join();\nexports.x += 1;\n`,
    'src/circle.cjs': `const cycle = require('./cycle.cjs');\nmodule.exports = { y: ${literal()}, seen: cycle.x };\n`,
    'src/part.cjs': part,
  };
}

export function useCommonJs({ random, fresh }: Pen): Use {
  const name = fresh('legacy');
  const file = random.pick(FILES);
  const how = random.below(6);
  if (how === 0) {
    const form: Form = { reads: [(self) => `String(${self})`, (self) => `typeof ${self}`], writes: [] };
    return { imports: [`import { ${random.pick(['x', 'f'])} as ${name} } from './${file}.cjs';`], name, form };
  }
  if (how < 3) return { imports: [`import ${name} from './${file}.cjs';`], name, form: LEGACY };
  const [create, load] = [fresh('create'), fresh('load')];
  const imports = [`import { createRequire as ${create} } from 'node:module';`];
  const made = `const ${load} = ${create}(import.meta.url);`;
  if (how === 3) {
    const text = `function ${name}(n: any): any { try { return ${load}('./${file}.cjs').f(n); } catch (error: any) { return error.constructor.name; } }`;
    const form: Form = { reads: [(self, argument) => `${self}(${argument})`], writes: [], isNamed: true };
    return { imports, statements: [made, text], name, form };
  }
  return { imports, statements: [made, `const ${name}: any = ${load}('./${file}.cjs');`], name, form: LEGACY };
}
