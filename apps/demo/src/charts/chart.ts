/** A drawing with its words. */
export interface Chart {
  /** Short and unique: `hours`. */
  name: string;
  title: string;
  /** What is to be seen, in a sentence or two made from the numbers. */
  finding: string;
  /** A whole `<svg>` element without outside references. */
  svg: string;
}
