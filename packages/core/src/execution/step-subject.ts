import { writeField } from '../hash/record-fields.ts';
import type { Binding } from '../records/binding.ts';
import type { ExecutionPlan, ExecutionStep } from '../trace/execution-plan.ts';
import { SOURCE } from '../trace/source-columns.ts';
import type { StepVersionRecord, UpstreamRecord } from '../versions/step-version-record.ts';
import type { StepVersions } from '../versions/step-versions.ts';
import type { RunLedger } from './run-ledger.ts';

/**
 * What is committed, as it was when its step ended: the run may learn of new versions while a store is written, and after. What says so at length is
 * made when somebody asks for it, from the versions and contents of what the step read, which are noted at once.
 */
export class StepSubject {
  readonly index: number;
  readonly step: ExecutionStep;
  readonly version: string;
  readonly duration: number;
  readonly #plan: ExecutionPlan;
  readonly #versions: StepVersions;
  /** By output that is read, in order: its content digest, and the version of its step. */
  readonly #digests: readonly (string | undefined)[];
  readonly #above: readonly (string | undefined)[] | undefined;
  #record: StepVersionRecord | undefined;
  /** `null` while it is not made. */
  #contentKey: string | null | undefined = null;

  constructor(index: number, duration: number, ledger: RunLedger) {
    const versions = ledger.versions as StepVersions;
    this.index = index;
    this.step = ledger.step(index);
    this.version = versions.version(index) as string;
    this.duration = duration;
    this.#plan = ledger.plan;
    this.#versions = versions;
    const follows = versions.followsFromReads(index);
    const digests: (string | undefined)[] = [];
    const above: (string | undefined)[] | undefined = follows ? [] : undefined;
    const { sources } = ledger.plan;
    const last = sources.last(index);
    for (let at = sources.first(index); at < last; at = sources.next(at)) {
      const kind = sources.kind(at);
      if (kind === SOURCE.list || kind === SOURCE.literal) continue;
      const step = sources.value(at);
      digests.push(ledger.digest(step, sources.output(at)));
      above?.push(versions.version(step));
    }
    this.#digests = digests;
    this.#above = above;
    if (follows) return;
    this.#record = versions.record(index);
    this.#contentKey = ledger.contentKey(index);
  }

  get record(): StepVersionRecord {
    this.#record ??= this.#makeRecord();
    return this.#record as StepVersionRecord;
  }

  /** The code that the step ran. */
  get op(): StepVersionRecord['op'] {
    return this.#versions.code(this.index) as StepVersionRecord['op'];
  }

  /** See {@link Binding.contentKey}. */
  get contentKey(): string | undefined {
    if (this.#contentKey === null) this.#contentKey = this.#makeContentKey();
    return this.#contentKey;
  }

  /** See {@link Binding.consumed}. */
  get consumed(): Binding['consumed'] {
    const { names, sources } = this.step;
    const consumed: Record<string, string | readonly (string | null)[]> = {};
    let read = 0;
    for (const [at, source] of sources.entries()) {
      if (source.kind === 'literal') continue;
      if (source.kind === 'output') {
        const digest = this.#digests[read++];
        if (digest !== undefined) writeField(consumed, names[at] as string, digest);
        continue;
      }
      const items = source.items.map((item) => {
        const digest = item.kind === 'output' ? this.#digests[read++] : undefined;
        return digest === undefined || digest === 'absent' ? null : digest;
      });
      writeField(consumed, names[at] as string, items);
    }
    return consumed;
  }

  #makeRecord(): StepVersionRecord | undefined {
    let read = 0;
    const upstream = (above: number, output: string): UpstreamRecord | undefined => {
      const version = this.#above?.[read++];
      const { id, op } = this.#plan.step(above);
      return version === undefined ? undefined : { step: id, op: op.name, output, version };
    };
    return this.#versions.record(this.index, { code: () => this.op, upstream });
  }

  #makeContentKey(): string | undefined {
    let read = 0;
    const mayLack = this.#digests.includes('absent');
    const digestOf = mayLack ? this.#digestsByOutput() : () => this.#digests[read++];
    // Steps that come after others without reading them are no such subjects.
    return this.#versions.contentKey(this.index, { digestOf, mayLack, ranAs: () => undefined });
  }

  #digestsByOutput(): (step: number, output: string) => string | undefined {
    const digests = new Map<string, string | undefined>();
    let read = 0;
    for (const source of this.step.sources)
      for (const item of source.kind === 'list' ? source.items : [source])
        if (item.kind === 'output') digests.set(`${item.step} ${item.output}`, this.#digests[read++]);
    return (step, output) => digests.get(`${step} ${output}`);
  }
}
