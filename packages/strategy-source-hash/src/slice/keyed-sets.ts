/** Key → the values that belong to it. */
export type Sets<K, V> = Map<K, Set<V>>;

export function addTo<K, V>(sets: Sets<K, V>, key: K, value: V): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}
