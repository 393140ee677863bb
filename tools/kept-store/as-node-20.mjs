// The major release of Node is part of what versions of code are made from, so that whatever was kept under one is looked for under that one.
const node = '20.20.2';
Object.defineProperty(process, 'versions', { value: Object.freeze({ ...process.versions, node }) });
