type Kind = (index: number) => string;

/** Ops as people write them, of every form; a schema of its own costs what its library needs to infer it, so they share one. */
const KINDS: readonly Kind[] = [
  (i) => `op('step${i}', ({ value }: { value: number }) => value + ${i})`,
  (i) => `op('step${i}', { retry: 3, timeout: '2m', run: async ({ value }: { value: number }) => value * ${i} })`,
  (i) =>
    `op('step${i}', { config: settings, run: ({ value }: { value: number }, { config }) => value + config.limit })`,
  (i) =>
    `op('step${i}', { uses: { llm }, run: ({ value }: { value: number }, { use }) => use.llm.count(String(value)) })`,
  (i) =>
    `op('step${i}', { outputs: ['left', 'right'], run: ({ value }: { value: number }) => ({ left: value, right: '${i}' }) })`,
];

/** A program of so many ops, each reading what the one before it gives. */
export function generatedChain(length: number): string {
  const steps = Array.from({ length }, (_, i) => i);
  const source = (i: number): string => (i === 0 ? '1' : `v${i - 1}${(i - 1) % KINDS.length === 4 ? '.left' : ''}`);
  return [
    "import { job, op, type Ref, resource } from '@memo/core';",
    "import { z } from 'zod';",
    'const settings = z.object({ limit: z.number().default(1) });',
    "const llm = resource('llm', { setup: () => ({ count: (text: string) => text.length }) });",
    ...steps.map((i) => `export const op${i} = ${(KINDS[i % KINDS.length] as Kind)(i)};`),
    "export const chain = job('chain', {",
    '  // Without the annotation, TypeScript 5.9 overflows its stack at about 200 steps.',
    '  build: (): { last: Ref<number> } => {',
    ...steps.map((i) => `    const v${i} = op${i}({ value: ${source(i)} });`),
    `    return { last: ${source(length)} };`,
    '  },',
    '});',
    '',
  ].join('\n');
}
