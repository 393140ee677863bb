import type { Declare } from './binding.ts';
import { ANY_VARIABLE, CALL, CLASS, OBJECT, VALUE } from './forms.ts';

/** Control flow, generators, classes with all kinds of members, decorators, enums and namespaces that build on others. */
export const DECLARE_FLOWS: readonly Declare[] = [
  ({ name, literal, lazy }) => ({
    ...CALL,
    text: `function ${name}(n: any): any { const got: any[] = []; outer: for (let i = 0; i < 3; i += 1) { inner: for (const j of [1, 2, ${literal()}]) { if (j > 50) continue outer; if (i + j > 3) break inner; if (i === 2) break outer; got.push(j, ${lazy('j')}); } got.push(i); } return got.join(); }`,
  }),
  ({ name, literal, lazy, change }) => ({
    ...CALL,
    text: `function ${name}(n: any): any { let got: any = ''; switch (typeof n) { case 'number': got += 'n'; case 'string': { got += ${literal()}; break; } default: got = ${lazy('n')}; } try { if (n > 1) throw new RangeError('r'); got += 'ok'; } catch ({ message }: any) { got += message; return got; } finally { got += 'f'; ${change()} } do { got += '.'; } while (got.length < ${literal()} && got.length < 9); return got; }`,
  }),
  ({ name, literal, lazy }) => ({
    ...CALL,
    text: `async function* ${name}_steps(n: any): any { yield n; yield await ${literal()}; yield* [${lazy('n')}]; }\nasync function ${name}(n: any): Promise<any> { const got: any[] = []; for await (const one of ${name}_steps(n)) got.push(one); return got.join(); }`,
  }),
  ({ name, literal, change }) => ({
    ...CALL,
    text: `function* ${name}_all(): any { ${change()} const back: any = yield ${literal()}; try { yield back; } finally { ${change()} } }\nfunction ${name}(n: any): any { const steps = ${name}_all(); return [steps.next().value, steps.next(n).value, steps.return(${literal()}).value].join(); }`,
  }),
  ({ name, literal, lazy }) => ({
    ...CALL,
    text: `const ${name}: any = (n: any, { a = ${literal()}, ...rest }: any = {}, [b = ${literal()}]: any = []) => [a, b, Object.keys(rest), ${lazy('n')}].join();`,
  }),
  ({ name, literal, change }) => ({
    ...VALUE,
    text: `const ${name}: any = (() => { let got: any = ${literal()}; for (const key in { a: 1, b: ${literal()} }) got += key; var late: any = ((got as any) ??= 1, got ||= ${literal()}, got); { ${change()} } return late; })();`,
  }),
  ({ name, literal }) => ({
    ...ANY_VARIABLE,
    text: `let ${name}: any;\n${name} = ${literal()};\n{ const inner = ${literal()}; if (inner) { ${name} = [${name}, inner].join(); } }`,
  }),
  ({ name, literal, lazy, change }) => ({
    ...CLASS,
    text: `class ${name} { static limit: any = ${literal()}; static #made: any = 0; static { ${change()} ${name}.#made = ${literal()}; } #secret: any = ${literal()}; field: any = this.#hide(${literal()}); accessor acc: any = ${literal()}; constructor(n: any) { this.field += n; } #hide(n: any): any { return [n, this.#secret].join(); } get ['q']() { return ${name}.#made; } go(n: any): any { return #secret in this ? ${lazy('n')} : 0; } static make(n: any): any { ${name}.#made += 1; return new ${name}(n); } late?() { return ${literal()}; } }`,
  }),
  ({ name, literal, lazy, fresh }) => {
    const mixin = fresh('mixin');
    return {
      ...CLASS,
      text: `const ${mixin} = (Base: any): any => class extends Base { go(n: any): any { return [super.go?.(n), ${literal()}].join(); } };\nclass ${name} extends ${mixin}(class { field: any; acc = 0; constructor(n: any) { this.field = n; } go(n: any): any { return ${lazy('n')}; } }) { static limit: any = ${literal()}; static make(n: any): any { return new this(n); } }`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const decorate = fresh('decorate');
    return {
      ...CLASS,
      text: `function ${decorate}(k: any): any { return (value: any, context: any): any => { context.addInitializer(function (this: any) { ${change()} if (context.kind !== 'class') this.mark = [this.mark, k, ${literal()}].join(); }); if (context.kind === 'class') return class extends value { late() { return [k, (this as any).mark].join(); } }; if (context.kind === 'field') return (first: any) => [first, k].join(); if (context.kind === 'getter') return function (this: any) { return [value.call(this), ${literal()}].join(); }; return value; }; }\n@${decorate}(${literal()}) class ${name} { static limit: any = ${literal()}; @${decorate}(${literal()}) field: any = 1; constructor(n: any) { this.field += n; } @${decorate}(2) get acc() { return ${literal()}; } @${decorate}(3) go(n: any): any { return [n, (this as any).mark].join(); } static make(n: any): any { return new this(n); } }`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const [decorate, all] = [fresh('decorate'), fresh('all')];
    return {
      ...OBJECT,
      text: `const ${name}: any = { a: ${literal()}, list: [], m: (n: any) => n };\nfunction ${decorate}(value: any, context: any): any { ${name}.list.push(context.name); ${change()} return value; }\n@${decorate} class ${all} { @${decorate} static one: any = ${literal()}; @${decorate} two() { return ${literal()}; } }\n${name}.b = new ${all}().two();`,
    };
  },
  ({ name, literal, fresh }) => {
    const base = fresh('base');
    return {
      reads: [
        (self) => `${self}.B`,
        (self) => `(${self} as any)[2]`,
        (self) => `${self}.D + ${self}.E`,
        (self) => `Object.keys(${self}).join()`,
      ],
      writes: [(self, value) => `(${self} as any).B = ${value};`],
      text: `const ${base} = ${1 + (literal().length % 3)};\nenum ${name} { A = ${base}, B = A << 1, C = B | 1, D = 's${literal().length}'.length, E = \`\${A}x\` as any }\nenum ${name} { F = ${literal().length}, G }`,
    };
  },
  ({ name, literal, lazy, change }) => ({
    reads: [(self) => `${self}.inner.k`, (self, argument) => `${self}.f(${argument})`, (self) => `${self}.open`],
    writes: [(self, value) => `${self}.inner.k = ${value};`, (self, value) => `${self}.open = ${value};`],
    text: `namespace ${name} { export let open: any = ${literal()}; export namespace inner { export let k: any = ${literal()}; } }\nnamespace ${name} { ${change()} open = [open, inner.k].join(); export function f(n: any): any { return [open, ${lazy('n')}].join(); } }`,
  }),
  ({ name, literal, lazy, fresh }) => {
    const tag = fresh('tag');
    return {
      ...CALL,
      text: `const ${tag} = (parts: any, ...values: any[]): any => Object.assign((n: any) => [parts.join('|'), ...values.map((one: any) => (typeof one === 'function' ? one(n) : one))].join(), { limit: parts.length });\nconst ${name}: any = ${tag}\`a\${${literal()}}b\${(n: any) => ${lazy('n')}}c\`;`,
    };
  },
  ({ name, literal, lazy, fresh }) => {
    const disposed = fresh('disposed');
    return {
      ...CALL,
      text: `const ${disposed}: any[] = [];\nfunction ${name}(n: any): any { const held = { id: ${literal()}, close() { ${disposed}.push(this.id); } }; try { return [${lazy('n')}, ${disposed}.length].join(); } finally { held.close(); } }`,
    };
  },
  ({ name, literal, lazy, fresh }) => {
    const kept = fresh('kept');
    return {
      ...CALL,
      text: `const ${kept} = new WeakMap<any, any>();\nconst ${name}: any = Object.assign((n: any): any => [${kept}.get(${name})?.at(0), ${lazy('n')}].join(), { limit: ${literal()} });\n${kept}.set(${name}, [${literal()}]);`,
    };
  },
  ({ name, literal, change, fresh }) => {
    const [on, emit] = [fresh('on'), fresh('emit')];
    return {
      ...OBJECT,
      text: `const ${on}: any[] = [];\nconst ${name}: any = { a: ${literal()}, list: ${on}, m: (n: any) => ${on}.map((one: any) => one(n)).join() };\n${on}.push((n: any) => [n, ${literal()}].join(), () => { ${change()} return 0; });\nfunction ${emit}(n: any) { for (const one of ${on}) one(n); }\n${emit}(${literal()});`,
    };
  },
];
