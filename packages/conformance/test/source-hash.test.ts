import { testVersionStrategy } from '../src/vitest.ts';
import { SOURCE_NODE } from './source-node.ts';

testVersionStrategy({
  name: '@memo/strategy-source-hash',
  module: new URL('make-source-hash.ts', import.meta.url).href,
  nodeOptions: SOURCE_NODE,
  ignores: ['comments', 'unrelated files', 'a reverted edit', 'another op'],
});
