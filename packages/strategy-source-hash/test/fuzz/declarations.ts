import type { Declare } from './binding.ts';
import { ANY_VARIABLE, ARRAY, CALL, CLASS, OBJECT, REGISTRY, VALUE } from './forms.ts';

/** Values, functions, objects and whatever TypeScript adds to them. */
export const DECLARE_VALUES: readonly Declare[] = [
  ({ name, literal }) => ({ ...VALUE, text: `const ${name} = ${literal()};` }),
  ({ name, eager }) => ({ ...VALUE, text: `const ${name} = ${eager()};` }),
  ({ name, literal }) => ({ ...ANY_VARIABLE, text: `let ${name}: any = ${literal()};` }),
  ({ name, literal }) => ({ ...ANY_VARIABLE, text: `var ${name}: any = ${literal()};` }),
  ({ name, lazy }) => ({ ...CALL, text: `function ${name}(n: any): any { return ${lazy('n')}; }` }),
  ({ name, lazy, literal }) => ({
    ...CALL,
    text: `function ${name}(n: any, z = ${literal()}): any { const local = ${lazy('n')}; if (n > ${literal()}) { return [local, z].join(); } return ${lazy('local')}; }`,
  }),
  ({ name, lazy }) => ({ ...CALL, text: `const ${name} = (n: any): any => ${lazy('n')};` }),
  ({ name, lazy, literal }) => ({
    ...CALL,
    text: `function ${name}(n: any): any { switch (n) { case ${literal()}: return ${literal()}; case 1: return ${lazy('n')}; default: return ${literal()}; } }`,
  }),
  ({ name, literal, lazy }) => ({
    ...CALL,
    text: `function ${name}(n: any): any { let sum: any = ${literal()}; for (const each of [1, ${literal()}]) { sum += each; if (sum > 90) break; } try { return sum + ${lazy('sum')}; } catch { return ${literal()}; } }`,
  }),
  ({ name, literal }) => ({
    ...CALL,
    text: `const ${name}: any = ((seed: any) => { let count = seed; return (n: any) => (count += n + ${literal()}); })(${literal()});`,
  }),
  ({ name, literal, lazy }) => ({
    ...CALL,
    text: `const ${name} = (n: any): any => [...(function* () { yield n; yield ${literal()}; yield* [${lazy('n')}]; })()].join();`,
  }),
  ({ name, lazy, fresh }) => {
    const state = fresh('state');
    return {
      ...CALL,
      text: `let ${state}: any = 0;\nfunction ${name}(n: any): any { ${state} += 1; return ${state} + ':' + ${lazy('n')}; }`,
    };
  },
  ({ name, literal, lazy }) => ({
    ...OBJECT,
    text: `const ${name}: any = { a: ${literal()}, b: ${literal()}, list: [${literal()}], deep: { x: ${literal()} }, m(n: any) { return ${lazy('n')} + this.a; } };`,
  }),
  ({ name, literal, fresh }) => {
    const method = fresh('method');
    return {
      ...OBJECT,
      text: `function ${method}(this: any, n: any): any { return [n, this?.b, ${literal()}].join(); }\nconst ${name}: any = { a: ${literal()}, b: ${literal()}, list: [${literal()}], deep: { x: ${literal()} }, m: ${method} };`,
    };
  },
  ({ name, literal, lazy }) => ({
    reads: [
      (self) => `${self}.a`,
      (self) => `${self}.b`,
      (self, n) => `${self}.m(${n})`,
      (self) => `JSON.stringify(${self})`,
    ],
    writes: [],
    text: `const ${name}: any = Object.freeze({ a: ${literal()}, b: ${literal()}, m: (n: any) => ${lazy('n')} });`,
  }),
  ({ name, literal, lazy, fresh }) => {
    const made = fresh('makeObject');
    return {
      ...OBJECT,
      text: `function ${made}(): any { return { a: ${literal()}, b: ${literal()}, list: [1], deep: {}, get late() { return ${lazy('1')}; }, m: (n: any) => n }; }\nconst ${name}: any = ${made}();`,
    };
  },
  ({ name, literal, lazy, fresh }) => {
    const base = fresh('Base');
    return {
      ...CLASS,
      text: `class ${base} { limit0 = ${literal()}; go(n: any): any { return ${lazy('n')}; } toString() { return 'B' + ${literal()}; } }\nclass ${name} extends ${base} { static limit: any = ${literal()}; #hidden = ${literal()}; field = ${literal()}; constructor(public q: any) { super(); } get acc(): any { return this.#hidden + this.limit0; } static make(n: any): any { return new ${name}(n); } }`,
    };
  },
  ({ name, literal, lazy }) => ({
    ...CLASS,
    text: `class ${name} { static limit: any = ${literal()}; static { this.limit += ${literal()}; } field: any; acc = ${literal()}; constructor(n: any) { this.field = ${lazy('n')}; } go(n: any): any { return n + this.acc; } static make(n: any): any { return new this(n); } toJSON() { return this.field; } [Symbol.toPrimitive]() { return ${literal()}; } }`,
  }),
  ({ name, literal }) => ({ ...ARRAY, text: `const ${name}: any[] = [${literal()}, ${literal()}, ${literal()}];` }),
  ({ name, literal, fresh }) => {
    const register = fresh('register');
    return {
      ...REGISTRY,
      text: `const ${name} = new Map<any, any>([['z', () => ${literal()}]]);\nfunction ${register}(key: any, value: any): any { ${name}.set(key, value); return key; }\nconst ${fresh('done')} = ${register}('a', () => ${literal()});`,
    };
  },
  ({ name, literal, fresh }) => {
    const set = fresh('set');
    return {
      ...ANY_VARIABLE,
      text: `let ${name}: any = ${literal()};\nfunction ${set}(value: any) { ${name} = value; }\n${set}(${literal()});`,
    };
  },
  ({ name, literal }) => ({
    reads: [(self) => `${self}.A`, (self) => `(${self} as any)[${self}.A]`, (self) => `JSON.stringify(${self})`],
    writes: [(self, value) => `(${self} as any).Z = ${value};`],
    text: `enum ${name} { A = ${1 + (literal().length % 3)}, B, C = 'c${literal().length}' }`,
  }),
  ({ name, literal, lazy }) => ({
    reads: [(self) => `${self}.k`, (self, argument) => `${self}.f(${argument})`],
    writes: [(self, value) => `(${self} as any).k = ${value};`],
    text: `namespace ${name} { export const k = ${literal()}; export function f(n: any): any { return ${lazy('n')} + k; } }`,
  }),
  ({ name, literal, lazy }) => ({
    ...CALL,
    text: `function ${name}(n: any): any { return ${name}.step + ${lazy('n')}; }\nnamespace ${name} { export const step = ${literal()}; }`,
  }),
  ({ name, literal, fresh }) => ({
    ...VALUE,
    text: `const { a: ${name}, ...${fresh('rest')} }: any = { a: ${literal()}, b: ${literal()} };`,
  }),
  ({ name, literal, fresh }) => ({
    ...VALUE,
    text: `const [${fresh('head')}, ${name} = ${literal()}, ...${fresh('tail')}]: any = [${literal()}];`,
  }),
  ({ name, literal }) => ({ ...VALUE, text: `const ${name}: any = await Promise.resolve(${literal()});` }),
  ({ name, literal }) => ({
    ...VALUE,
    text: `const ${name} = ((parts: any, ...values: any[]) => parts.raw.join('|') + values.join())\`a\\n\${${literal()}}b\${${literal()}}\`;`,
  }),
  ({ name, literal }) => ({
    ...VALUE,
    text: `const ${name} = ['ab', 'Ba', ${literal()}].filter((each) => /a+/i.test(String(each))).join();`,
  }),
  ({ name, literal, fresh }) => {
    const configure = fresh('configure');
    return {
      ...OBJECT,
      text: `const ${name}: any = { a: ${literal()}, list: [], m: (n: any) => n };\nfunction ${configure}(target: any, value: any): any { target.b = value; inner(); return target; function inner() { target.deep = { x: value }; } }\nconst ${fresh('configured')} = ${configure}(${name}, ${literal()});`,
    };
  },
  ({ name, literal, fresh }) => {
    const decorate = fresh('decorate');
    return {
      ...CLASS,
      text: `function ${decorate}(value: any, context: any): any { return function (this: any, ...all: any[]) { return value.apply(this, all) + ':' + ${literal()} + context.name; }; }\nclass ${name} { static limit: any = 1; field: any = ${literal()}; acc = 0; constructor(n: any) { this.field += n; } @${decorate} go(n: any): any { return n; } static make(n: any): any { return new this(n); } }`,
    };
  },
  ({ name, literal }) => ({
    reads: [() => `(globalThis as any).${name}`],
    writes: [(_self, value) => `(globalThis as any).${name} = ${value};`],
    text: `(globalThis as any).${name} = ${literal()};\nconst ${name} = 0;`,
  }),
  ({ name, literal, lazy }) => ({
    ...OBJECT,
    text: `const ${name}: any = new Proxy({ a: ${literal()}, list: [1], m: (n: any) => ${lazy('n')} } as any, { get: (target, key) => target[key] ?? ${literal()} });`,
  }),
  ({ name, literal, fresh }) => {
    const [shared, fill] = [fresh('shared'), fresh('fill')];
    return {
      ...CALL,
      text: `const ${shared}: any = {};\nfunction ${name}(n: any): any { return (${shared}.k ?? 0) + n; }\nfunction ${fill}() { ${shared}.k = ${literal()}; return 1; }\nconst ${fresh('filled')} = ${fill}();`,
    };
  },
];
