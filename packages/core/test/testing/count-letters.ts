import { job, op, resource } from '@memo/core';
import { z } from 'zod';

export interface Alphabet {
  has(letter: string): boolean;
}

export const alphabet = resource('alphabet', {
  config: z.object({ letters: z.string().default('abc') }),
  setup: ({ config }): Alphabet => ({ has: (letter) => config.letters.includes(letter) }),
});

/** How often each op ran. */
export const calls = { read: 0, clean: 0, count: 0, report: 0 };

export const read = op('read', ({ text }: { text: string }) => {
  calls.read++;
  return text.split('');
});

export const clean = op('clean', {
  uses: { alphabet },
  run: ({ letters }: { letters: string[] }, { use }) => {
    calls.clean++;
    return letters.filter((letter) => use.alphabet.has(letter));
  },
});

export const count = op('count', {
  config: z.object({ atLeast: z.number().default(0) }),
  run: ({ letters }: { letters: string[] }, { config }) => {
    calls.count++;
    return Math.max(letters.length, config.atLeast);
  },
});

export const report = op('report', ({ total, title }: { total: number; title: string }) => {
  calls.report++;
  return `${title}: ${total}`;
});

/** read → clean → count → report; without a strategy, a store or versions of its own. */
export const counting = job('counting', {
  config: z.object({ text: z.string(), atLeast: z.number().default(0), title: z.string().default('letters') }),
  build: ({ text, atLeast, title }) => {
    const total = count({ letters: clean({ letters: read({ text }) }) }, { config: { atLeast } });
    return { total, report: report({ total, title }) };
  },
});
