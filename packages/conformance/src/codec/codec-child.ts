// A process of its own: encodes every value of a module and prints the bytes.
import type { Codec } from '@memo/core/plugin';
import type { NamedValues } from '../sample-values.ts';
import { codecTrial } from './codec-trial.ts';

const { codec, values } = (await import(process.argv[2] ?? '')) as {
  readonly codec: Codec;
  readonly values: NamedValues;
};
const { bytesOf } = codecTrial({ name: 'child', codec, values });
const written = Object.entries(values).map(([name, make]) => [name, bytesOf(make()).toString('base64')]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(written))}\n`);
