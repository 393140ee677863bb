import type { CodecHarness } from '../../src/index.ts';
import { codec, values } from '../lines-codec.ts';

const shouting = { ...codec, encode: (lines: readonly string[]) => Buffer.from(lines.join('\n').toUpperCase()) };

export default { name: codec.id, codec: shouting, values, takesAnyBytes: true } satisfies CodecHarness;
