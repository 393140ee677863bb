import type { SourceHashManifest } from './manifest.ts';

interface Later {
  readonly make: () => SourceHashManifest;
  made?: SourceHashManifest;
}

/** A manifest that is made when somebody asks for anything of it, which mostly nobody does: then it costs a fourth of what its accessors take. */
export function laterManifest(make: () => SourceHashManifest): SourceHashManifest {
  return new Proxy<Later>({ make }, ASKING) as unknown as SourceHashManifest;
}

/** A manifest with what the machine has answered; nothing of it is made before it is asked for. */
export function manifestOnMachine(
  manifest: SourceHashManifest,
  machine: Readonly<Record<string, string>>,
): SourceHashManifest {
  const describe = (): PropertyDescriptorMap => Object.getOwnPropertyDescriptors(manifest);
  return laterManifest(() => Object.defineProperties({ machine }, describe()) as unknown as SourceHashManifest);
}

const ASKING: ProxyHandler<Later> = {
  get: (later, name) => Reflect.get(madeBy(later), name) as unknown,
  has: (later, name) => Reflect.has(madeBy(later), name),
  ownKeys: (later) => Reflect.ownKeys(madeBy(later)),
  getOwnPropertyDescriptor: (later, name) => Reflect.getOwnPropertyDescriptor(madeBy(later), name),
};

function madeBy(later: Later): SourceHashManifest {
  later.made ??= later.make();
  return later.made;
}
