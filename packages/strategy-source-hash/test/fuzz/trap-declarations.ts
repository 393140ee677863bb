import type { Declare, Form } from './binding.ts';
import { ARRAY, CLASS, OBJECT, REGISTRY } from './forms.ts';

/** What looks like reading and may run code: a getter, a conversion, an iterator, a proxy. */
const TRAPPED: Form = {
  reads: [
    (name) => `${name}.a`,
    (name) => `${name}.b`,
    (name) => `\`\${${name}}\``,
    (name, argument) => `(${name} + ${argument})`,
    (name) => `(${name} == 5)`,
    (name) => `Number(${name})`,
    (name) => `Object.keys(${name}).join()`,
    (name) => `Object.entries(${name}).map(String).join()`,
    (name) => `JSON.stringify(${name})`,
    (name) => `('a' in ${name})`,
    (name) => `({ ...${name} }).a`,
    (name) => `Array.from(${name} as any).join()`,
    (name) => `[...(${name} as any)].join()`,
    (name) => `[].concat(${name} as any).length`,
    (name) => `'a-b'.replace(${name} as any, 'c')`,
    (name) => `'a-b'.split(${name} as any).length`,
    (name) => `Object.prototype.toString.call(${name})`,
    (name) => `((({ a: taken = 1, ...others }: any) => [taken, Object.keys(others)])(${name})).join()`,
    (name) => `[3, 1].at(${name} as any)`,
    (name, argument) => `({} as any)?.[${name} as any] ?? ${argument}`,
    (name) => `(({}) instanceof (${name} as any))`,
  ],
  writes: [
    ...OBJECT.writes.slice(0, 5),
    (name, literal) => `${name}.valueOf = () => ${literal};`,
    (name, literal) => `${name}.toString = () => String(${literal});`,
    (name, literal) => `(${name} as any)[Symbol.toPrimitive] = () => ${literal};`,
    (name, literal) => `(${name} as any)[Symbol.iterator] = function* () { yield ${literal}; };`,
    (name, literal) => `Object.assign(${name}, { toJSON: () => ${literal} });`,
    (name, literal) => `Object.defineProperty(${name}, 'a', { configurable: true, get() { return ${literal}; } });`,
    (name, literal) =>
      `Object.defineProperties(${name}, { b: { configurable: true, get() { return (this as any).list = [${literal}]; } } });`,
    (name, literal) => `Object.setPrototypeOf(${name}, { get a() { return ${literal}; }, toString: () => 'p' });`,
    (name, literal) => `Object.getPrototypeOf(${name}).late = ${literal};`,
    (name, literal) => `Reflect.defineProperty(${name}, 'b', { value: ${literal}, configurable: true });`,
  ],
};

/** Values with code that runs as they are read, converted or iterated over, and that may change others then. */
export const DECLARE_TRAPS: readonly Declare[] = [
  ({ name, literal, lazy, change }) => ({
    ...TRAPPED,
    text: `const ${name}: any = { get a() { ${change()} return ${lazy('1')}; }, b: ${literal()}, list: [${literal()}] };`,
  }),
  ({ name, literal, change }) => ({
    ...TRAPPED,
    text: `const ${name}: any = { a: ${literal()}, valueOf() { ${change()} return ${literal()}; }, toString: () => 't' + ${literal()} };`,
  }),
  ({ name, literal, change }) => ({
    ...TRAPPED,
    text: `const ${name}: any = { a: ${literal()}, *[Symbol.iterator]() { ${change()} yield ${literal()}; yield this.a; } };`,
  }),
  ({ name, literal }) => ({
    ...TRAPPED,
    text: `const ${name}: any = { a: ${literal()}, [Symbol.toPrimitive](hint: any) { this.a = [this.a, ${literal()}].join(); return hint + this.a; } };`,
  }),
  ({ name, literal, change }) => ({
    ...TRAPPED,
    text: `const ${name}: any = new Proxy({ a: ${literal()} } as any, { get(at: any, key: any) { ${change()} return at[key]; }, has: () => ${literal()}, ownKeys: (at: any) => { ${change()} return Reflect.ownKeys(at); } } as any);`,
  }),
  ({ name, literal, change, fresh }) => {
    const made = fresh('trapped');
    return {
      ...TRAPPED,
      text: `function ${made}(first: any): any { return { b: first, get a() { ${change()} return ${literal()}; } }; }\nconst ${name}: any = ${made}(${literal()});`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const get = fresh('get');
    return {
      ...TRAPPED,
      text: `function ${get}(this: any) { ${change()} this.b = ${literal()}; return this.b; }\nconst ${name}: any = { b: ${literal()} };\nObject.defineProperty(${name}, 'a', { get: ${get}, enumerable: true, configurable: true });`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const proto = fresh('proto');
    return {
      ...TRAPPED,
      text: `const ${proto}: any = { get a() { ${change()} return ${literal()}; }, toString() { return this.a + 'q'; } };\nconst ${name}: any = Object.create(${proto}, { b: { value: ${literal()}, enumerable: true } });`,
    };
  },
  ({ name, literal, fresh }) => {
    const state = fresh('state');
    return {
      ...TRAPPED,
      text: `let ${state}: any = ${literal()};\nconst ${name}: any = { get a() { ${state} += ${literal()}; return ${state}; }, valueOf: () => ${state} };`,
    };
  },
  ({ name, literal, change }) => ({
    ...TRAPPED,
    text: `const ${name}: any = { a: ${literal()}, set b(value: any) { ${change()} this.a = value; }, get b() { return this.a; } };`,
  }),
  ({ name, literal, change }) => ({
    ...OBJECT,
    reads: [...OBJECT.reads, (self, argument) => `${self}.find(${argument})`, (self) => `${self}.info?.(1)`],
    text: `const ${name}: any = { a: ${literal()}, list: [${literal()}], find(n: any) { ${change()} this.a = [this.a, n].join(); return this.a; } };\n${name}.info = (n: any) => { ${change()} return n; };`,
  }),
  ({ name, literal, change }) => ({
    ...OBJECT,
    text: `const ${name}: any = { a: ${literal()}, list: [${literal()}], deep: { get x() { ${change()} return ${literal()}; } } };`,
  }),
  ({ name, literal, change }) => ({
    ...TRAPPED,
    text: `const ${name}: any = { b: ${literal()}, [Symbol.replace]: () => { ${change()} return ${literal()}; }, [Symbol.split]: () => [${literal()}], get [Symbol.toStringTag]() { ${change()} return 'tag' + ${literal()}; }, [Symbol.hasInstance]: () => { ${change()} return ${literal()}; } };`,
  }),
  ({ name, literal, change }) => ({
    ...TRAPPED,
    reads: [...TRAPPED.reads, (self) => `typeof ${self}.then`],
    text: `const ${name}: any = { a: ${literal()}, then(done: any) { ${change()} done(${literal()}); } };\nconst awaited_${name}: any = await ${name};`,
  }),
  ({ name, literal, change }) => ({
    ...CLASS,
    text: `class ${name} { static get limit(): any { ${change()} return ${literal()}; } static set limit(value: any) { ${change()} } static [Symbol.hasInstance]() { ${change()} return ${literal()}; } field: any; get acc() { return ${literal()}; } constructor(n: any) { this.field = n; } go(n: any): any { return n + ${literal()}; } static make(n: any): any { return new this(n); } toJSON() { ${change()} return ${literal()}; } }`,
  }),
  ({ name, literal, change, fresh }) => {
    const kind = fresh('Kind');
    return {
      ...REGISTRY,
      text: `class ${kind} extends Map<any, any> { override get(key: any) { ${change()} return super.get(key); } override *keys(): any { yield ${literal()}; } }\nconst ${name}: any = new ${kind}();\n${name}.set('a', () => ${literal()});`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const kind = fresh('Kind');
    return {
      ...ARRAY,
      text: `class ${kind} extends Array<any> { get first(): any { ${change()} return this[0]; } override join(): string { return 'j' + ${literal()}; } }\nconst ${name}: any = ${kind}.from([${literal()}, ${literal()}]);`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const kind = fresh('Kind');
    return {
      ...TRAPPED,
      text: `class ${kind} { a: any = ${literal()}; get b(): any { ${change()} return this.a; } toString() { ${change()} return 'k' + ${literal()}; } }\nconst ${name}: any = new ${kind}();`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const traps = fresh('traps');
    return {
      ...TRAPPED,
      text: `const ${traps}: any = { get: (at: any, key: any) => at[key] };\nconst ${name}: any = new Proxy({ a: ${literal()}, b: 1 } as any, ${traps});\n${traps}.get = (at: any, key: any) => { ${change()} return key === 'a' ? ${literal()} : at[key]; };`,
    };
  },
];
