import type { OpVersionContext } from '@memo/core/plugin';

/** What core tells a strategy of an op that is defined at the call. */
export declare function op(name: string, run: OpVersionContext['run']): OpVersionContext;
