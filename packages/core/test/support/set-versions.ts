import type { CodeVersion, OpVersionContext, ResourceVersionContext, VersionStrategy } from '@memo/core';

type Answer = CodeVersion | string | undefined;

/** A strategy that gives the versions that a test sets by name of op or resource, and `1` to all others. */
export class SetVersions implements VersionStrategy {
  readonly id: string = 'set-versions@1';
  /** Names that were asked about, in order. */
  readonly asked: string[] = [];
  readonly #versions = new Map<string, Answer>();

  constructor(versions: Readonly<Record<string, Answer>> = {}) {
    for (const [name, version] of Object.entries(versions)) this.set(name, version);
  }

  set(name: string, version: Answer): void {
    this.#versions.set(name, version);
  }

  getOpVersion({ name }: OpVersionContext): Answer {
    return this.#answer(name);
  }

  getResourceVersion({ name }: ResourceVersionContext): Answer {
    return this.#answer(name);
  }

  #answer(name: string): Answer {
    this.asked.push(name);
    return this.#versions.has(name) ? this.#versions.get(name) : '1';
  }
}
