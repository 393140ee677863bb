// Loaded before a program: at its end, writes the URL and the length of each file of code that it loaded to the file MEMO_LOADED, a line each.
const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');

const file = process.env.MEMO_LOADED;
const loaded = new Map();

const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url, length } }) => {
  if (url.startsWith('file:') || url.startsWith('/')) loaded.set(url, length);
});
session.post('Debugger.enable');

process.on('exit', () => {
  if (file !== undefined) writeFileSync(file, [...loaded].map(([url, length]) => `${length} ${url}`).join('\n'));
});
