import { op } from '@memo/core';

export const answerThere = op('answer', { version: '1', run: () => 42 });
