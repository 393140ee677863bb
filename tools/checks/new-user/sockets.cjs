// Loaded before a program: notes every socket and every look-up of a name in the file that MEMO_SOCKETS names.
const { appendFileSync } = require('node:fs');
const { createHook } = require('node:async_hooks');

const file = process.env.MEMO_SOCKETS;

createHook({
  init(_id, type) {
    if (file !== undefined && /^(?:TCP|UDP|TLS|GETADDRINFO|GETNAMEINFO|QUERY|HTTP2)/.test(type))
      appendFileSync(file, `${type}\n`);
  },
}).enable();
