import type { Declaration, DeclarationInput, Form } from './binding.ts';

type Declare = (input: DeclarationInput) => Declaration;

const CALL: Form = {
  reads: [(name, argument) => `${name}(${argument})`, (name) => `${name}.limit`, (name) => `typeof ${name}`],
  writes: [(name, literal) => `(${name} as any).limit = ${literal};`],
  isNamed: true,
};

const VALUE: Form = { reads: [(name) => name, (name) => `[${name}].concat(${name}).join()`], writes: [] };

const OBJECT: Form = {
  reads: [
    (name) => `${name}.a`,
    (name, argument) => `${name}.m(${argument})`,
    (name) => `${name}['b']`,
    (name) => `${name}.list.length + ${name}.list[0]`,
    (name) => `JSON.stringify(${name})`,
    (name) => `Object.keys(${name}).join()`,
    (name) => `({ ...${name} }).a`,
    (name) => `${name}.deep?.x`,
    (name) => `${name}.late`,
  ],
  writes: [
    (name, literal) => `${name}.a = ${literal};`,
    (name, literal) => `${name}['b'] = ${literal};`,
    (name, literal) => `Object.assign(${name}, { late: ${literal} });`,
    (name) => `delete (${name} as any).b;`,
    (name, literal) => `Object.defineProperty(${name}, 'a', { get: () => ${literal}, enumerable: true });`,
    (name, literal) => `${name}.list.push(${literal});`,
    (name, literal) => `{ const alias: any = ${name}; alias.a = ${literal}; }`,
    (name, literal) => `{ const { deep } = ${name} as any; deep.x = ${literal}; }`,
    (name, literal) => `[${name}].forEach((each: any) => { each.a = ${literal}; });`,
    (name, literal) => `for (const key of Object.keys(${name})) (${name} as any)[key] = ${literal};`,
    (name, literal) => `Reflect.set(${name}, 'a', ${literal});`,
    (name, literal) => `Object.setPrototypeOf(${name}, { late: ${literal} });`,
    (name, literal) => `[(${name} as any).a] = [${literal}];`,
    (name, literal) => `({ a: (${name} as any).b } = { a: ${literal} });`,
    (name) => `(${name} as any).a++;`,
    (name, literal) => `(() => { (${name} as any).deep.x = ${literal}; })();`,
    (name, literal) => `for ((${name} as any).a of [${literal}]);`,
    (name, literal) => `if (${literal}) (${name} as any).m = () => ${literal};`,
    (name, literal) => `(${name} as any).late ??= ${literal};`,
    (name, literal) => `((o: any) => { o.a = ${literal}; })(${name});`,
    (name, literal) => `(true ? ${name} : null as any).a = ${literal};`,
    (name, literal) => `Object.entries({ a: ${literal} }).map(([k, v]) => ((${name} as any)[k] = v));`,
  ],
};

const CLASS: Form = {
  reads: [
    (name, argument) => `new ${name}(${argument}).go(${argument})`,
    (name) => `${name}.limit`,
    (name, argument) => `new ${name}(${argument}).field`,
    (name, argument) => `${name}.make(${argument}).acc`,
    (name, argument) => `\`\${new ${name}(${argument})}\``,
    (name, argument) => `JSON.stringify(new ${name}(${argument}))`,
    (name, argument) => `(new ${name}(${argument}) as any).late?.()`,
  ],
  writes: [
    (name, literal) => `${name}.prototype.go = function () { return ${literal}; };`,
    (name, literal) => `${name}.limit = ${literal};`,
    (name, literal) => `Object.defineProperty(${name}.prototype, 'acc', { get() { return ${literal}; } });`,
    (name, literal) => `Object.assign(${name}.prototype, { late: () => ${literal} });`,
    (name, literal) => `(${name}.prototype as any)['late'] = () => ${literal};`,
    (name, literal) => `{ const proto: any = ${name}.prototype; proto.late = () => ${literal}; }`,
  ],
  isNamed: true,
};

const ARRAY: Form = {
  reads: [
    (name) => `${name}[0]`,
    (name) => `${name}.length`,
    (name) => `${name}.reduce((sum: any, each: any) => sum + each, 0)`,
    (name) => `${name}.map(String).join()`,
    (name, argument) => `${name}.includes(${argument})`,
  ],
  writes: [
    (name, literal) => `${name}.push(${literal});`,
    (name, literal) => `${name}[0] = ${literal};`,
    (name) => `${name}.sort();`,
    (name) => `${name}.length = 1;`,
    (name, literal) => `${name}.splice(0, 1, ${literal});`,
    (name, literal) => `for (const each of [${literal}]) ${name}.unshift(each);`,
  ],
};

const REGISTRY: Form = {
  reads: [
    (name, argument) => `${name}.get('a')?.(${argument})`,
    (name) => `[...${name}.keys()].join()`,
    (name, argument) => `[...${name}.values()].map((each: any) => each(${argument})).join()`,
  ],
  writes: [
    (name, literal) => `${name}.set('a', () => ${literal});`,
    (name, literal) => `${name}.set(String(${literal}), (x: any) => x);`,
    (name) => `${name}.delete('a');`,
    (name, literal) => `[['b', () => ${literal}]].forEach(([k, f]: any) => ${name}.set(k, f));`,
  ],
};

const ANY_VARIABLE: Form = {
  ...VALUE,
  isOwnWrite: true,
  writes: [
    (name, literal) => `${name} = ${literal};`,
    (name, literal) => `${name} += ${literal};`,
    (name, literal) => `if (${name}) { ${name} = ${literal}; }`,
    (name, literal) => `[${name}] = [${literal}];`,
    (name, literal) => `({ x: ${name} } = { x: ${literal} });`,
    (name) => `${name}++;`,
    (name, literal) => `for (${name} of [1, ${literal}]);`,
    (name, literal) => `(() => { ${name} = ${literal}; })();`,
    (name, literal) => `try { throw ${literal}; } catch (caught) { ${name} = caught as any; }`,
  ],
};

/** Every shape of declaration that programs are made of. */
export const DECLARE: readonly Declare[] = [
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
