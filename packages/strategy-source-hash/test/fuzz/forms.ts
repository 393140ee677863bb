import type { Form } from './binding.ts';

export const CALL: Form = {
  reads: [(name, argument) => `${name}(${argument})`, (name) => `${name}.limit`, (name) => `typeof ${name}`],
  writes: [(name, literal) => `(${name} as any).limit = ${literal};`],
  isNamed: true,
};

export const VALUE: Form = { reads: [(name) => name, (name) => `[${name}].concat(${name}).join()`], writes: [] };

export const OBJECT: Form = {
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
    (name, literal) => `{ const kept = new Map<any, any>(); kept.set(1, ${name}); kept.get(1).a = ${literal}; }`,
    (name, literal) => `Array.from([1], () => { ${name}.a = ${literal}; });`,
    (name, literal) => `void new Promise<void>((done) => { ${name}.a = ${literal}; done(); });`,
    (name, literal) => `(function (this: any) { this.a = ${literal}; }).call(${name});`,
    (name, literal) => `{ const put = (one: any) => { one.a = ${literal}; }; [${name}].map(put); }`,
    (name, literal) => `try { throw ${name}; } catch (caught: any) { caught.a = ${literal}; }`,
    (name, literal) => `(class { static held: any = ${name}; static { this.held.a = ${literal}; } });`,
    (name, literal) => `({ set to(one: any) { one.a = ${literal}; } }).to = ${name};`,
    (name, literal) =>
      `{ const o: any = { held: ${name}, get() { this.held.a = ${literal}; return 1; } }; void o.get(); }`,
    (name, literal) => `{ const give = () => ({ one: ${name} }); const { one } = give(); one.a = ${literal}; }`,
  ],
};

export const CLASS: Form = {
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

export const ARRAY: Form = {
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

export const REGISTRY: Form = {
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

export const ANY_VARIABLE: Form = {
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
    (name, literal) => `(${name} as unknown) = ${literal};`,
    (name, literal) => `${name}! += ${literal};`,
    (name, literal) => `({ x: ${name} as any } = { x: ${literal} });`,
  ],
};
