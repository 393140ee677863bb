/**
 * @typedef {object} Transcript a command as it was typed, and what it printed
 * @property {string} name that of its place in the document: `<!-- walk: name -->` above a fence
 * @property {string} typed
 * @property {string} output
 */

const BLOCK = /<!-- walk: (\w+) -->\n(```console\n)([\s\S]*?)\n?```/g;

/**
 * The transcripts of a document by name.
 *
 * @param {string} document
 * @returns {Map<string, string>}
 */
export function transcriptsOf(document) {
  return new Map([...document.matchAll(BLOCK)].map(([, name = '', , text = '']) => [name, text]));
}

/**
 * The document with these transcripts in their places; others stay.
 *
 * @param {string} document
 * @param {readonly Transcript[]} transcripts
 */
export function withTranscripts(document, transcripts) {
  const byName = new Map(transcripts.map((transcript) => [transcript.name, transcript]));
  return document.replace(BLOCK, (block, name, open) => {
    const found = byName.get(name);
    return found === undefined ? block : `<!-- walk: ${name} -->\n${open}${shown(found)}\n\`\`\``;
  });
}

/**
 * A command and what it printed, as a reader would type and see it.
 *
 * @param {Pick<Transcript, 'typed' | 'output'>} transcript
 */
export function shown({ typed, output }) {
  return `$ ${typed}\n${output.replace(/\s+$/, '').replace(/[ \t]+$/gm, '')}`;
}

/**
 * What stays the same from run to run and from machine to machine: without times, sizes, ids, versions, the chain that took
 * longest, and the padding that depends on them.
 *
 * @param {string} text
 */
export function lasting(text) {
  return (
    text
      .replace(/\b\d+ (?:s|min|h|d) ago\b|\bjust now\b/g, '<ago>')
      .replace(/<1 ms|\b\d+ (?:min|h) \d+ (?:s|min)\b|\b\d+(?:\.\d+)? (?:ms|s|min|h)\b/g, '<time>')
      .replace(/\b\d+(?:\.\d+)? [kM]?B\b/g, '<size>')
      .replace(/\b[0-9a-f]{8}…/g, '<version>')
      .replace(/\b(run|show|diff [0-9a-z]{6}) [0-9a-z]{6}\b/g, '$1 <id>')
      .replace(/\bdiff [0-9a-z]{6}\b/g, 'diff <id>')
      // A sign of life, where a step takes long.
      .replace(/^ {2}… \d.*\n/gm, '')
      // What is said only of times that are long enough.
      .replace(/\n +saved ~<time>.*/g, '')
      .replace(/ +saved ~<time>| · saves <time>(?: or more)?| · est\. <time>(?: to <time>)?| {2,}est\. <time>/g, '')
      .replace(/^ {2}critical path .*$/gm, '  critical path')
      .replace(/[ \t]+/g, ' ')
      .trim()
  );
}
