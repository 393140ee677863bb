import { createRequire } from 'node:module';
import type { ConformancePlan } from './conformance-case.ts';
import type { CaseResult } from './run-plan.ts';

const BEGIN = '<!-- conformance -->';
const END = '<!-- /conformance -->';

/** What a README says about a subject that kept all promises that apply to it. */
export function conformanceBlock(plan: ConformancePlan, results: readonly CaseResult[]): string {
  const { version } = createRequire(import.meta.url)('@memo/conformance/package.json') as { readonly version: string };
  const kept = results.filter(({ outcome }) => outcome === 'kept').length;
  const skipped = results.filter(({ outcome }) => outcome === 'skipped').length;
  const lines = [
    `**${plan.name}** keeps the promises of ${plan.kind}: ${kept} cases of \`@memo/conformance\` ${version} hold, ${skipped} do not apply.`,
    ...(plan.features.length === 0 ? [] : [`It has: ${plan.features.join(', ')}.`]),
    ...(plan.missing.length === 0 ? [] : [`It does not have, and was not tested for: ${plan.missing.join(', ')}.`]),
  ];
  return `${BEGIN}\n\n${lines.join('\n')}\n\n${END}`;
}

/**
 * A README with the block between its `<!-- conformance -->` and `<!-- /conformance -->` replaced. Throws a `TypeError` when it does not
 * have both, once each and in this order.
 */
export function withBlock(readme: string, block: string): string {
  const [before, rest, ...more] = readme.split(BEGIN);
  const [, after, ...further] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined || more.length + further.length > 0) {
    throw new TypeError(`The README must have one ${BEGIN} and, after it, one ${END}.`);
  }
  return before + block + after;
}
