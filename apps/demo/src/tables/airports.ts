/** A table of airports, in columns; row `i` of one column belongs with row `i` of the others. */
export interface Airports {
  iata: string[];
  name: string[];
  city: string[];
  /** Two letters, as `CA`. */
  state: string[];
  latitude: Float64Array;
  longitude: Float64Array;
}
