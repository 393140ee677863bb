import type { CodecHarness } from '../../src/index.ts';
import { codec, values } from '../lines-codec.ts';

export const harness: CodecHarness = { name: codec.id, codec, values, takesAnyBytes: true };
