import type { Declare } from './binding.ts';
import { CLASS } from './forms.ts';

/** Decorators that run under the option `experimentalDecorators`, and otherwise, and show which. */
export const DECLARE_DECORATED: readonly Declare[] = [
  ({ name, literal, lazy, change, fresh }) => {
    const mark = fresh('mark');
    return {
      ...CLASS,
      text: `function ${mark}(k: any): any { return (target: any, key?: any, third?: any): any => { ${change()} const holder = target?.prototype ?? target; if (holder) holder.late = () => [k, typeof key, typeof third, ${literal()}].join(); }; }\n@${mark}(${literal()}) class ${name} { static limit: any = ${literal()}; declare acc: any; field: any; constructor(n: any) { this.field = [this.field, n].join(); } @${mark}(${literal()}) go(n: number): string { return [n, ${lazy('n')}].join(); } static make(n: any): any { return new ${name}(n); } }`,
    };
  },
  ({ name, literal, fresh }) => {
    const types = fresh('types');
    return {
      ...CLASS,
      text: `const ${types}: any[] = [];\nfunction ${name}_note(target: any, key?: any): any { ${types}.push(typeof target, typeof key); }\nclass ${name} { static limit: any = ${types}; @${name}_note field: any = ${literal()}; constructor(n: any) { this.field = [n, ${types}.join('-')].join(); } go(n: any): any { return [n, ${literal()}].join(); } static make(n: any): any { return new ${name}(n); } }`,
    };
  },
];
