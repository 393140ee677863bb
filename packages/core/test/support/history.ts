/** What ops ever gave, by what was asked of them. */
export class History {
  readonly #given: Map<string, Map<string, ReadonlyMap<string, string>>>;

  constructor(past?: History) {
    const before = past === undefined ? [] : [...past.#given];
    this.#given = new Map(before.map(([question, given]) => [question, new Map(given)]));
  }

  /** Remembers an execution: the data of each output that it gave. */
  add(question: string, outputs: ReadonlyMap<string, string>): void {
    const given = this.#given.get(question) ?? new Map<string, ReadonlyMap<string, string>>();
    this.#given.set(question, given.set(JSON.stringify([...outputs]), outputs));
  }

  /** Everything that was ever given to a question. */
  answers(question: string): readonly ReadonlyMap<string, string>[] {
    return [...(this.#given.get(question)?.values() ?? [])];
  }
}
