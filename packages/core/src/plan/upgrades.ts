import type { DigestColumn } from '../hash/digest-column.ts';
import type { Binding } from '../records/binding.ts';
import { type BindingEntry, EntryOver } from '../records/binding-entry.ts';
import type { BindingView } from '../records/binding-table.ts';
import type { EarlierCode } from '../versions/earlier-code.ts';
import { StepVersions } from '../versions/step-versions.ts';
import type { VersionInputs } from '../versions/version-inputs.ts';

/** A result that was bound under the version that an earlier release gave the same step. */
export interface Upgrade {
  /** The binding of then. */
  readonly entry: BindingEntry;
  /** What changed, as the reason `upgraded` says it: schema or algorithm. */
  readonly from: string;
  readonly to: string;
}

/** Bindings as a plan sees them. */
export interface PlannedView extends BindingView {
  /** What earlier releases left and counts, by step version now. */
  readonly upgrades?: ReadonlyMap<string, Upgrade>;
}

/** How versions were made at other times. */
export interface EarlierSchemes {
  /** Those of the plan. */
  readonly inputs: VersionInputs;
  /** Schemas of version records before the one of the plan, newest first. */
  readonly schemas: readonly string[];
  readonly codes: readonly EarlierCode[];
}

/** The bindings of a view with what earlier schemes left beside them, where that is something. */
export function upgradedView(versions: StepVersions, view: BindingView, schemes: EarlierSchemes): PlannedView {
  const upgrades = findUpgrades(versions, view, schemes);
  return upgrades.size === 0 ? view : new UpgradedView(view, upgrades);
}

/**
 * Looks for results of steps that have no binding, under the versions that earlier schemas and algorithms give the same steps. By step
 * version now.
 */
function findUpgrades(
  versions: StepVersions,
  view: BindingView,
  schemes: EarlierSchemes,
): ReadonlyMap<string, Upgrade> {
  const { inputs } = schemes;
  const found = new Map<string, Upgrade>();
  const earlierOnes = earlierInputs(schemes);
  if (earlierOnes.length === 0) return found;
  const open: number[] = [];
  for (let index = 0; index < inputs.plan.size; index++) {
    const version = versions.version(index);
    if (version !== undefined && view.get(version, versions.pub(index)) === undefined) open.push(index);
  }
  for (const { from, to, ...then } of earlierOnes) {
    if (found.size === open.length) break;
    const earlier = new StepVersions({ ...inputs, ...then });
    for (const index of open) {
      const version = versions.version(index) as string;
      const old = earlier.version(index);
      if (found.has(version) || old === undefined || old === version) continue;
      const entry = view.get(old, earlier.pub(index));
      // An alias would say which of several executions counts, and nobody can.
      if (entry?.isContested === false) found.set(version, { entry, from, to });
    }
  }
  return found;
}

interface EarlierInputs extends Partial<Pick<VersionInputs, 'ops' | 'schema'>> {
  readonly from: string;
  readonly to: string;
}

/** Each earlier schema and algorithm alone, then both together. */
function earlierInputs({ inputs, schemas, codes }: EarlierSchemes): readonly EarlierInputs[] {
  const byCode = codes.map(({ from, to, ops }) => ({ from, to, ops }));
  const bySchema = schemas.map((schema) => ({ from: schema, to: inputs.schema, schema }));
  const both = bySchema.flatMap((one) =>
    byCode.map((other) => ({ ...one, ...other, from: `${one.from}, ${other.from}`, to: `${one.to}, ${other.to}` })),
  );
  return [...byCode, ...bySchema, ...both];
}

/** Bindings as they will be once a run has bound what earlier releases left under the versions of this one. */
class UpgradedView implements PlannedView {
  readonly upgrades: ReadonlyMap<string, Upgrade>;
  readonly isEmpty: boolean = false;
  readonly #view: BindingView;
  readonly #now = new Map<string, string>();

  constructor(view: BindingView, upgrades: ReadonlyMap<string, Upgrade>) {
    this.#view = view;
    this.upgrades = upgrades;
    for (const [version, { entry }] of upgrades) this.#now.set(entry.stepVersion, version);
  }

  get(stepVersion: string, pub?: string): BindingEntry | undefined {
    const known = this.#view.get(stepVersion, pub);
    const upgrade = known === undefined ? this.upgrades.get(stepVersion) : undefined;
    if (upgrade === undefined || (pub !== undefined && pub !== upgrade.entry.pub)) return known;
    return new UpgradedEntry(stepVersion, upgrade.entry);
  }

  boundOnce(versions: DigestColumn): Uint8Array {
    return this.#view.boundOnce(versions);
  }

  latestAt(site: string): BindingEntry | undefined {
    const latest = this.#view.latestAt(site);
    const now = latest === undefined ? undefined : this.#now.get(latest.stepVersion);
    return latest === undefined || now === undefined ? latest : new UpgradedEntry(now, latest);
  }

  bindings(): Iterable<Binding> {
    return this.#view.bindings();
  }

  entries(): Iterable<BindingEntry> {
    return this.#view.entries();
  }

  withContent(contentKey: string): readonly BindingEntry[] {
    return this.#view.withContent(contentKey);
  }

  knowsCode(op: Binding['record']['op']): boolean {
    return this.#view.knowsCode(op);
  }

  get hasAliases(): boolean {
    return this.upgrades.size > 0 || this.#view.hasAliases;
  }
}

/** A binding of an earlier release as the alias that a run makes of it. */
class UpgradedEntry extends EntryOver {
  readonly #stepVersion: string;

  constructor(stepVersion: string, entry: BindingEntry) {
    super(entry);
    this.#stepVersion = stepVersion;
  }

  override get stepVersion(): string {
    return this.#stepVersion;
  }

  override get isLater(): boolean {
    return false;
  }

  override get isAlias(): boolean {
    return true;
  }

  override document(): Binding | undefined {
    const document = super.document();
    if (document === undefined) return undefined;
    const { later, ...binding } = document;
    // An alias of an alias stands for what that stands for.
    if (binding.of !== undefined) return { ...binding, stepVersion: this.stepVersion };
    const of = { of: binding.stepVersion, ...(later === true ? { ofLater: true as const } : {}) };
    return { ...binding, by: 'alias', ...of, stepVersion: this.stepVersion };
  }
}
