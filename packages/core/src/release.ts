/** The release of this package, kept with every binding. */
export const RELEASE = '0.1.0' as const;
