/** What counts of a source file while a process runs: its normal form, not its layout. */
export const SOURCE_ASPECT = 'source@1';
