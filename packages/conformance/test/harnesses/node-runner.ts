import { testCodec } from '../../src/node.ts';
import broken from './broken.ts';
import { harness } from './kept.ts';

await testCodec(harness);
await testCodec(broken);
