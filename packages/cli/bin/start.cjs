'use strict';

const HELP = ['--help', '-h', 'help', '--version', '-V'];
const words = process.argv.slice(2);

// Newer releases of Node keep compiled code, of what is loaded from here on.
require('node:module').enableCompileCache?.();
if (!words.some((word) => HELP.includes(word)) || !require('../dist/help-at-once.cjs').helpAtOnce(words)) {
  // What fails here is a bug of memo, which Node shows with its stack.
  void import('../dist/memo.js');
}
