import { memory } from '@memo/core';
import { testIOManager } from '../src/vitest.ts';

testIOManager({ name: 'memory()', setup: () => ({ open: () => memory() }) });
