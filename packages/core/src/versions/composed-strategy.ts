import type { CodeVersion, VersionStrategy } from '../definitions/version-strategy.ts';
import { sha256 } from '../hash/digest.ts';
import { checkVersion, isVersion } from '../hash/version.ts';
import type { Answer, Question } from './ask-strategy.ts';

/** An answer in its full form, with who gave it. */
export type AttributedVersion = CodeVersion & { readonly by: string };

/**
 * The answer of a part of a composed strategy.
 *
 * @throws MemoError M4003 when it is no version.
 */
export function attributed(answer: Answer, part: VersionStrategy, question: Question): AttributedVersion | undefined {
  if (answer === undefined) return undefined;
  const code: CodeVersion = typeof answer === 'string' ? { version: answer } : answer;
  checkVersion(code?.version, `strategy "${part.id}" for ${question.kind} "${question.name}"`);
  return { ...code, by: code.by ?? part.id };
}

/** Refuses what a JavaScript caller may pass for strategies. */
export function checkParts(composer: string, parts: readonly VersionStrategy[]): void {
  for (const part of parts) {
    if (typeof part?.getOpVersion !== 'function' || typeof part.id !== 'string') {
      throw new TypeError(`${composer}: takes version strategies, each with an id and getOpVersion.`);
    }
  }
}

/** `combine:source-hash@1+image@1`; a digest stands for more ids than fit. */
export function composedId(composer: string, parts: readonly VersionStrategy[]): string {
  const id = `${composer}:${parts.map((part) => part.id).join('+')}`;
  return isVersion(id) ? id : `${composer}:${sha256(id)}`;
}

/** A strategy that answers all questions at once, by that one function. */
export function composedStrategy(
  { id, parts, diffManifests }: Pick<VersionStrategy, 'id' | 'parts' | 'diffManifests'>,
  answer: (questions: readonly Question[]) => Promise<readonly (CodeVersion | undefined)[]>,
): VersionStrategy {
  const one = async (question: Question): Promise<CodeVersion | undefined> => (await answer([question]))[0];
  return Object.freeze({
    id,
    getOpVersion: one,
    getResourceVersion: one,
    getVersions: answer,
    ...(parts === undefined ? {} : { parts }),
    ...(diffManifests === undefined ? {} : { diffManifests }),
  });
}
