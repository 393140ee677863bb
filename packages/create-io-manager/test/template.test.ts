import { testIOManager } from '@memo/conformance/vitest';
import { myBackendIOManager } from '../template/src/index.ts';

testIOManager({ name: 'the manager of the template', setup: () => ({ open: () => myBackendIOManager() }) });
