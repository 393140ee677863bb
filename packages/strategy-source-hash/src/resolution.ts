/** A question to the resolver of packages, which looks at files that it does not name. */
export interface Resolution {
  readonly via: 'import' | 'require' | 'directory' | 'tsconfig';
  readonly from: string;
  readonly specifier: string;
  /** The paths that it gave, empty where there is none. */
  readonly found: readonly string[];
}
