import type { Pen } from './pen.ts';
import type { Program } from './random-program.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Use } from './surroundings.ts';

const OPTIONS = ['experimentalDecorators', 'useDefineForClassFields', 'emitDecoratorMetadata'] as const;

/** A tsconfig with paths and options that change code, and what the paths lead to. */
export function configured({ random, literal }: Pen): Program {
  return {
    'tsconfig.json': tsconfig(random, random.pick(['a', 'b'])),
    'src/led-a.ts': `export const led: any = (n: any) => [n, ${literal()}].join();\n`,
    'src/led-b.ts': `export const led: any = (n: any) => [n, ${literal()}, 'b'].join();\n`,
  };
}

export function useLed({ random, fresh }: Pen): Use {
  const name = fresh('led');
  const imports = [`import { led as ${name} } from '${random.pick(['@led', '@src/led-a.js', '@src/led-b.js'])}';`];
  return { imports, name, form: { reads: [(self, argument) => `${self}(${argument})`], writes: [] } };
}

/** The program compiled in another way, or with paths that lead elsewhere. */
export function otherCompilation(program: Program, random: SeededRandom): Program {
  return { ...program, 'tsconfig.json': tsconfig(random, random.pick(['a', 'b'])) };
}

function tsconfig(random: SeededRandom, led: string): string {
  const options = OPTIONS.filter(() => random.chance(0.3)).map((name) => [name, random.chance(0.7)]);
  const paths = { '@led': [`./src/led-${led}.ts`], '@src/*': ['./src/*'] };
  return JSON.stringify({ compilerOptions: { ...Object.fromEntries(options), paths } });
}
