// A process of some Node version. `write` prints stored objects of all values, `read` takes such from its input and prints what it read.
// Node strips the types of this file and of the sources, so nothing here needs a loader.
import { text } from 'node:stream/consumers';
import { valueDigest } from '../../src/hash/value-digest.ts';
import { codecRegistry } from '../../src/stored/codec-registry.ts';
import { decodeEnvelope, encodeEnvelope } from '../../src/stored/envelope.ts';
import { envelopeWriter } from '../../src/stored/envelope-stream.ts';
import { STORED_VALUES } from '../golden/value-table.ts';

/** Stored objects in base64, by the name of their value and the way in which they are written. */
export type StoredObjects = Readonly<Record<string, string>>;

const codecs = codecRegistry();
const WAYS = ['none', 'auto', 'zstd', 'in chunks'] as const;

/** Every value of the golden table, and one that only later versions have, in every way that this Node has. */
export function write(): StoredObjects {
  const float16 = (globalThis as { Float16Array?: new (items: readonly number[]) => ArrayBufferView }).Float16Array;
  const values = { ...STORED_VALUES, ...(float16 && { Float16Array: () => new float16([1.5, -2]) }) };
  const objects = Object.entries(values).flatMap(([name, make]) =>
    WAYS.map((way) => [`${name}|${way}`, storedAs(make(), way)] as const),
  );
  return Object.fromEntries(objects.filter(([, object]) => object !== ''));
}

/** The content digest of each object's value, or the code of the error. */
export function read(objects: StoredObjects): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, readOne(object)]));
}

function storedAs(value: unknown, way: (typeof WAYS)[number]): string {
  const { codec, payload } = codecs.encodeValue(value);
  if (way === 'in chunks') {
    const writer = envelopeWriter({ codec: codec.id });
    for (const piece of payload) writer.update(piece);
    return Buffer.concat([writer.head, ...payload, writer.end()]).toString('base64');
  }
  try {
    return Buffer.concat(encodeEnvelope({ codec: codec.id, payload, compression: way })).toString('base64');
  } catch (error) {
    // This Node has no zstd.
    if (error instanceof TypeError) return '';
    throw error;
  }
}

function readOne(object: string): string {
  try {
    const { codec, payload } = decodeEnvelope(Buffer.from(object, 'base64'));
    return valueDigest(codecs.decodeValue(codec, payload));
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}

if (process.argv[1]?.endsWith('node-version-process.ts')) {
  const answer = process.argv[2] === 'write' ? write() : read(JSON.parse(await text(process.stdin)) as StoredObjects);
  process.stdout.write(JSON.stringify(answer));
}
