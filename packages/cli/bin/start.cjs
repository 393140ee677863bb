'use strict';

// What fails here is a bug of memo, which Node shows with its stack.
void import('../dist/memo.js');
