import type { Declare } from './binding.ts';
import { ANY_VARIABLE, CALL, OBJECT, VALUE } from './forms.ts';

/** What waits for timers, and what they change. */
export const DECLARE_TIMERS: readonly Declare[] = [
  ({ name, literal }) => ({
    ...VALUE,
    text: `const ${name}: any = await new Promise((done) => setTimeout(done, ${literal().length}, ${literal()}));`,
  }),
  ({ name, literal, change }) => ({
    ...ANY_VARIABLE,
    text: `let ${name}: any = ${literal()};\nsetTimeout(() => { ${name} = ${literal()}; ${change()} }, ${literal().length});`,
  }),
  ({ name, literal, lazy, change }) => ({
    ...CALL,
    text: `async function ${name}(n: any): Promise<any> { await new Promise<void>((done) => { setTimeout(() => { ${change()} done(); }, ${literal().length}); }); return [n, ${lazy('n')}].join(); }`,
  }),
  ({ name, literal, change, fresh }) => {
    const timer = fresh('timer');
    return {
      ...OBJECT,
      text: `const ${name}: any = { a: ${literal()}, list: [], m: (n: any) => n };\nconst ${timer} = setTimeout((more: any) => { ${name}.list.push(more); ${change()} }, 1, ${literal()});\nif (${literal()}) clearTimeout(${timer});\nsetImmediate(() => { ${name}.a = ${literal()}; });`,
    };
  },
];
