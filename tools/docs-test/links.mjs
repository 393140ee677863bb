import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The links of a document to files of this repository that do not exist.
 *
 * @param {string} path of the document, absolute
 * @param {string} markdown
 * @returns {string[]}
 */
export function deadLinks(path, markdown) {
  const prose = markdown.replace(/^ *(`{3,}|~{3,})[\s\S]*?^ *\1/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map((match) => match[1] ?? '');
  return targets.filter((target) => {
    if (/^(?:[a-z][a-z+.-]*:|#)/i.test(target)) return false;
    return !existsSync(join(dirname(path), decodeURIComponent(target.replace(/[#?].*$/, ''))));
  });
}
