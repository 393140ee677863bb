import type { GraphNode } from '../graph-node.ts';
import { type End, endKey } from '../outgoing-edges.ts';
import { JSX_RUNTIME } from './file-units.ts';
import { jsonToken } from './json-token.ts';
import { addTo } from './keyed-sets.ts';
import { nameOfMember } from './object-members.ts';
import type { LeafPart, Load, NamespacePart, Part, Target, UnitPart } from './part.ts';
import { PlacedUnits, placeIn } from './placed-unit.ts';
import type { Picks, Ref, Unit } from './unit.ts';

type ImportRef = Extract<Ref, { to: 'import' }>;

interface Graph {
  node(path: string): GraphNode | undefined;
}

/** Finds the parts that references stand for. Each part is one object, so that parts can be compared. */
export class Linker {
  /** Units of files that need not have been read. */
  readonly placed: PlacedUnits = new PlacedUnits();
  readonly #graph: Graph;
  /** By file: those with the same text share their units, and lead to different places. */
  readonly #units = new Map<GraphNode, Map<Unit, UnitPart>>();
  readonly #bindings = new Map<GraphNode, ReadonlyMap<string, readonly Target[]>>();
  readonly #namespaces = new Map<GraphNode, NamespacePart>();
  readonly #leaves = new Map<string, LeafPart>();
  readonly #edges = new Map<Part, readonly (readonly Target[])[]>();
  /** By the edges of a part, its references that stand for members of a namespace. */
  readonly #ofNamespaces = new Map<readonly (readonly Target[])[], Set<number>>();
  readonly #loaded = new Map<UnitPart, readonly Load[]>();
  readonly #exports = new Map<string, readonly Target[]>();
  readonly #asked = new Map<string, Set<string>>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  unit(file: GraphNode, unit: Unit, index: number): UnitPart {
    if (file.parts !== undefined) return this.placed.at(file, placeIn(file, unit, index));
    const parts = this.#units.get(file) ?? new Map<Unit, UnitPart>();
    this.#units.set(file, parts);
    const known = parts.get(unit) ?? { kind: 'unit', file, unit, index };
    parts.set(unit, known);
    return known;
  }

  /** The names that were asked for of a file, which need not export them. */
  askedOf(path: string): ReadonlySet<string> {
    return this.#asked.get(path) ?? new Set();
  }

  /** All units of a file, in the order of their evaluation. */
  unitsOf(file: GraphNode): readonly UnitPart[] {
    return (file.facts?.units.units ?? []).map((unit, index) => this.unit(file, unit, index));
  }

  /** A member of an object that a unit holds under one of its names, where that counts by itself. */
  memberOf({ file, unit, index }: UnitPart, bind: number, name: string): UnitPart | undefined {
    const found = nameOfMember(unit.binds[bind] ?? '', name);
    const member = file.facts?.units.members.find(({ binds }) => binds[0] === found);
    return member && this.unit(file, member, index);
  }

  /** The members that are read of what references stand for, without those of namespaces: these are what the references stand for themselves. */
  picksOf(part: UnitPart): readonly Picks[] {
    const edges = this.edges(part);
    const used = this.#ofNamespaces.get(edges);
    const { picks = [] } = part.unit;
    return used === undefined ? picks : picks.filter(({ ref }) => !used.has(ref));
  }

  /** What each reference of a part stands for, in order. Several targets: all that it may mean. */
  edges(part: Part): readonly (readonly Target[])[] {
    const known = this.#edges.get(part) ?? this.#findEdges(part);
    this.#edges.set(part, known);
    return known;
  }

  /** What an exported name of a file stands for; empty when there is none. */
  exported(path: string, name: string): readonly Target[] {
    return this.#exportOf(path, { to: 'import', from: '', name }, new Set());
  }

  /** A module that is loaded for what it does, or whose exports are not told apart. */
  bare(end: End): readonly Target[] {
    return this.#endTargets(end, { to: 'import', from: '', name: '*' }, new Set());
  }

  /** The files that the code of a unit loads, runs or reads by itself. */
  loadedBy(part: UnitPart): readonly Load[] {
    const known = this.#loaded.get(part) ?? this.#findLoaded(part);
    this.#loaded.set(part, known);
    return known;
  }

  #findLoaded({ file, unit }: UnitPart): readonly Load[] {
    return unit.refs.flatMap((ref) => {
      if (ref.to !== 'module' || ref.from === JSX_RUNTIME) return [];
      const isProgram = ref.how === 'run' || ref.how === 'locate';
      const ends = file.ends.get(endKey(ref.how, ref.from)) ?? [];
      return ends.flatMap(({ path }) => (path === undefined ? [] : [{ path, isProgram }]));
    });
  }

  #findEdges(part: Part): readonly (readonly Target[])[] {
    if (part.kind === 'leaf') return [];
    if (part.kind === 'unit') {
      const found = part.unit.refs.map((ref) => this.#targetsOf(ref, part.file));
      for (const { ref, members } of part.unit.picks ?? []) {
        const exported = this.#exportedOf(found[ref] ?? [], members);
        if (exported === undefined) continue;
        found[ref] = exported;
        addTo(this.#ofNamespaces, found, ref);
      }
      return found;
    }
    return this.namesOf(part.file.path).map((name) => this.exported(part.file.path, name));
  }

  #targetsOf(ref: Ref, file: GraphNode): readonly Target[] {
    if (ref.to === 'own') return this.#own(file, ref.name, new Set());
    if (ref.to === 'import') return this.#membersOf(ref, (one) => this.#imported(one, file, new Set()));
    const specifiers = ref.from === JSX_RUNTIME ? file.jsxRuntimes : [ref.from];
    const factories = ref.from === JSX_RUNTIME ? file.jsxFactories : [];
    const own = factories.flatMap((name) => this.#own(file, name, new Set()));
    const led = specifiers.flatMap((specifier) =>
      (file.ends.get(endKey(ref.how, specifier)) ?? []).flatMap((end) => [
        ...(end.label === '' ? [] : [this.leaf(end.label, end)]),
        ...(end.path === undefined ? [] : this.#loadedParts(end, ref.members)),
      ]),
    );
    return [...own, ...led];
  }

  /** Of a namespace that goes by the name of an export, only the members that are read. */
  #exportedOf(targets: readonly Target[], members: readonly string[]): readonly Target[] | undefined {
    const [only] = targets;
    if (targets.length !== 1 || only?.part.kind !== 'namespace') return undefined;
    const { path } = only.part.file;
    return this.#eachOf(members, (name) => this.exported(path, name));
  }

  #loadedParts(end: End, members: readonly string[] | undefined): readonly Target[] {
    if (members === undefined) return this.bare(end);
    return this.#membersOf({ to: 'import', from: '', name: '*', members }, (one) =>
      this.#endTargets(end, one, new Set()),
    );
  }

  #membersOf(ref: ImportRef, find: (ref: ImportRef) => readonly Target[]): readonly Target[] {
    const { members, ...whole } = ref;
    if (members === undefined) return find(ref);
    return this.#eachOf(members, (member) =>
      find(whole.name === '*' ? { ...whole, name: member } : { ...whole, members: [member] }),
    );
  }

  /** Each member by itself, and how many things it may mean where that is not one: which of them is missing counts. */
  #eachOf(members: readonly string[], find: (member: string) => readonly Target[]): readonly Target[] {
    return members.flatMap((member) => {
      const found = find(member);
      return found.length === 1 ? found : [this.leaf(`${found.length} of a member`, { label: '' }), ...found];
    });
  }

  #own(file: GraphNode, name: string, seen: Set<string>): readonly Target[] {
    const found = this.#bindingsOf(file).get(name);
    if (found !== undefined) return found;
    const imported = file.facts?.units.imports.get(name);
    return imported?.to === 'import' ? this.#imported(imported, file, seen) : [];
  }

  /** The units that declare each top-level name of a file; several for merged declarations. */
  #bindingsOf(file: GraphNode): ReadonlyMap<string, readonly Target[]> {
    const known = this.#bindings.get(file);
    if (known !== undefined) return known;
    const found = new Map<string, Target[]>();
    for (const part of this.unitsOf(file)) {
      for (const [bind, name] of part.unit.binds.entries()) {
        const targets = found.get(name) ?? [];
        if (targets.every((target) => target.part !== part)) targets.push({ part, bind });
        found.set(name, targets);
      }
    }
    this.#bindings.set(file, found);
    return found;
  }

  #imported(ref: ImportRef, file: GraphNode, seen: Set<string>): readonly Target[] {
    const ends = file.ends.get(endKey('import', ref.from)) ?? [];
    return ends.flatMap((end) => this.#endTargets(end, ref, seen));
  }

  #endTargets(end: End, ref: ImportRef, seen: Set<string>): readonly Target[] {
    if (end.path !== undefined) return this.#exportOf(end.path, ref, seen);
    const name = [ref.name, ...(ref.members ?? [])].join('.');
    return [this.leaf(`${end.label} ${name}`, end)];
  }

  #exportOf(path: string, ref: ImportRef, seen: Set<string>): readonly Target[] {
    const file = this.#graph.node(path);
    if (file === undefined) return [this.leaf('gone', { label: path })];
    const placed = ref.name === '*' ? undefined : this.placed.exported(file, ref.name);
    if (placed !== undefined) addTo(this.#asked, path, ref.name);
    if (placed !== undefined) return placed;
    if (file.json !== undefined) return [this.#json(file, ref)];
    const units = file.facts?.units;
    if (units === undefined) return [this.leaf(`${file.kind} ${file.digest}`, { label: path }, file)];
    if (units.isWhole) return this.unitsOf(file).map((part) => ({ part, bind: 0 }));
    if (ref.name === '*') return [{ part: this.namespaceOf(file), bind: 0 }];
    addTo(this.#asked, path, ref.name);
    const key = `${ref.name}\n${path}`;
    const known = this.#exports.get(key);
    if (known !== undefined) return known;
    if (seen.has(key)) return [];
    seen.add(key);
    const found = this.#namedExport(file, ref, seen);
    if (seen.values().next().value === key) this.#exports.set(key, found);
    return found;
  }

  #namedExport(file: GraphNode, ref: ImportRef, seen: Set<string>): readonly Target[] {
    const units = file.facts?.units;
    const found = (units?.exports ?? [])
      .filter(({ name }) => name === ref.name)
      .flatMap(({ local, from }) =>
        from === undefined
          ? this.#own(file, local, seen)
          : this.#imported({ to: 'import', from, name: local }, file, seen),
      );
    if (found.length > 0 || ref.name === 'default') return found;
    // A name that several stars export is ambiguous if they mean different things; of a package nobody knows which it exports.
    const through = (units?.stars ?? []).flatMap((from) =>
      this.#imported({ to: 'import', from, name: ref.name }, file, seen),
    );
    return distinct(through);
  }

  /** All names that a module exports, sorted. */
  namesOf(path: string, seen: Set<string> = new Set()): readonly string[] {
    const file = this.#graph.node(path);
    if (file === undefined || seen.has(path)) return [];
    seen.add(path);
    const units = file.facts?.units;
    const own = (units?.exports ?? []).map(({ name }) => name);
    const through = (units?.stars ?? []).flatMap((star) =>
      (file.ends.get(endKey('import', star)) ?? []).flatMap(({ path: target }) =>
        target === undefined ? [] : this.namesOf(target, seen).filter((name) => name !== 'default'),
      ),
    );
    return [...new Set([...own, ...through])].sort();
  }

  #json(file: GraphNode, { name, members }: ImportRef): Target {
    const key = name === 'default' ? members?.[0] : name === '*' ? undefined : name;
    const target = this.leaf(jsonToken(file.json?.value, key), { label: file.path }, file);
    if (target.part.kind === 'leaf') target.part.members?.add(key);
    return target;
  }

  namespaceOf(file: GraphNode): NamespacePart {
    const known = this.#namespaces.get(file) ?? { kind: 'namespace', file };
    this.#namespaces.set(file, known);
    return known;
  }

  leaf(token: string, { label, tree }: Pick<LeafPart, 'tree'> & { label: string }, file?: GraphNode): Target {
    const key = `${token}\n${label}`;
    const known: LeafPart = this.#leaves.get(key) ?? {
      kind: 'leaf',
      token,
      whole: label,
      ...(file !== undefined && { file }),
      ...(file?.json !== undefined && { members: new Set<string | undefined>() }),
      ...(tree !== undefined && { tree }),
    };
    this.#leaves.set(key, known);
    return { part: known, bind: 0 };
  }
}

function distinct(targets: readonly Target[]): readonly Target[] {
  return targets.filter(
    (target, index) => targets.findIndex(({ part, bind }) => part === target.part && bind === target.bind) === index,
  );
}
