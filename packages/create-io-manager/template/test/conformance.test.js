import { testIOManager } from '@memo/conformance/vitest';
import { harness } from './harness.js';

testIOManager(harness);
