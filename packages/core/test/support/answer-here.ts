import { op } from '@memo/core';

export const answerHere = op('answer', { version: '1', run: () => 42 });
