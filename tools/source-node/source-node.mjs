/**
 * Options with which `node` runs the sources of this repository, from any directory.
 *
 * @type {readonly string[]}
 */
export const SOURCE_NODE = ['--conditions=@memo/source', '--import', new URL('register.mjs', import.meta.url).href];
