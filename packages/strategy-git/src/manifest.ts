/** What a version is made of, as it is stored. Paths are those of the repository that defines the op. */
export interface GitManifest {
  readonly algorithm: string;
  readonly node: string;
  /** Path → the beginning of git's id, with a `+` where that is not what the commit has. */
  readonly files: Readonly<Record<string, string>>;
  /** Repository → the commit that was checked out; by path from the first one, which is `.`. */
  readonly commits: Readonly<Record<string, string>>;
  /** Name → versions, for installed packages. */
  readonly packages: Readonly<Record<string, string>>;
  /** Stands for what imports lead to, compiler options and the like. */
  readonly surroundings: string;
  /** Kinds of what the version cannot see. */
  readonly uncertain: readonly string[];
}
