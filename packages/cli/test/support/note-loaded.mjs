// Loaded before a program: writes the URL of each module that the program loads to the file MEMO_TEST_LOADED.
import { register } from 'node:module';

const hooks = `import { appendFileSync } from 'node:fs';
let file;
export function initialize(data) { file = data; }
export async function load(url, context, next) { appendFileSync(file, url + '\\n'); return next(url, context); }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: process.env.MEMO_TEST_LOADED });
