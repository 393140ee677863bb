import type { OutputVersions } from '@memo/core/plugin';
import { type OutputContextParts, outputContext, type TestOutputContext, versionOf } from '@memo/core/testing';

/** The context of one of many outputs: each number or text has its own version. */
export function numbered(label: number | string, parts: OutputContextParts = {}): TestOutputContext {
  return outputContext({ op: 'conform', version: versionOf(label), ...parts });
}

/** Versions of one output, numbered: what a planner asks about all at once. */
export function numberedVersions(numbers: readonly number[], parts: OutputContextParts = {}): OutputVersions {
  const contexts = numbers.map((number) => numbered(number, parts));
  return {
    count: numbers.length,
    above: numbered(0, parts).getOutputIdentifier().slice(0, -1),
    bytes: Buffer.from(contexts.map(({ version }) => version).join(''), 'hex'),
    context: (at) => contexts[at] ?? numbered(at, parts),
  };
}

/** A value that differs for every number, in turn of different kinds and sizes. */
export function numberedValue(number: number): unknown {
  switch (number % 4) {
    case 0:
      return { number, text: `value ${number}` };
    case 1:
      return Buffer.alloc(10_000 + number, number % 251);
    case 2:
      return new Map([[number, 'x'.repeat(100 + number)]]);
    default:
      return Buffer.alloc(150_000 + number, number % 251);
  }
}

/** The value of a writer that is killed: large, so that it is hit while it writes. */
export function churnedValue(number: number): unknown {
  return Buffer.alloc(4_000_000 + number, number % 251);
}

/** The value of one of several writers of one address. */
export function valueOfWriter(writer: number, filler: number = 2000): { writer: number; filler: string } {
  return { writer, filler: String(writer % 10).repeat(filler) };
}

/** Which writer a loaded value is from, if it is one whole value of a writer. */
export function writerOf(value: unknown): number | undefined {
  const { writer, filler } = (value ?? {}) as { readonly writer?: unknown; readonly filler?: unknown };
  if (typeof writer !== 'number' || typeof filler !== 'string' || filler === '') return undefined;
  return filler === String(writer % 10).repeat(filler.length) ? writer : undefined;
}
