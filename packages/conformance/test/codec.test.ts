import { SOURCE_NODE } from '../../../tools/source-node/source-node.mjs';
import { testCodec } from '../src/vitest.ts';
import { codec, values } from './lines-codec.ts';

testCodec({
  name: 'lines/1',
  codec,
  values,
  takesAnyBytes: true,
  stored: { 'one line': Buffer.from('one').toString('base64') },
  otherProcesses: { module: new URL('lines-codec.ts', import.meta.url).href, nodeOptions: SOURCE_NODE },
});
