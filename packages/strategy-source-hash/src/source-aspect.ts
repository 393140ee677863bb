/** What counts of a source file while a process runs: its normal form, not its layout. */
export const SOURCE_ASPECT = 'source@1';

/** What counts of a JSON file that is imported: its value, not its layout. */
export const JSON_ASPECT = 'json@1';

const LEADS = 'leads ';

/** Names what counts of where the references of a file lead, under some circumstances. */
export function leadsAspect(circumstances: string): string {
  return `${LEADS}${circumstances}`;
}

/** True for names by {@link leadsAspect}. */
export function isLeadsAspect(name: string): boolean {
  return name.startsWith(LEADS);
}
