import { outputVersion } from '../versions/record-key.ts';
import type { Binding } from './binding.ts';

/** Where a value of a binding may be kept. */
export interface BoundAddress {
  readonly output: string;
  /** The version in the address. */
  readonly version: string;
  /** Content digest of the value. */
  readonly digest: string;
  /** Key of the IO manager that holds it. */
  readonly io: string;
  /** True for the address that names the execution, where values of most steps are; false for that of the step version alone. */
  readonly ofExecution: boolean;
}

/**
 * The addresses under which the values of a binding may be. A binding does not say whether its one output was required, so that such a
 * value has two; at most one of them holds something.
 */
export function addressesOf(binding: Binding): readonly BoundAddress[] {
  const owner = binding.of ?? binding.stepVersion;
  const outputs = Object.entries(binding.outputs);
  const found: BoundAddress[] = [];
  for (const [output, content] of outputs) {
    if (content === 'absent') continue;
    const { digest, io = 'default' } = content;
    const at = (pub: string | undefined): BoundAddress => ({
      output,
      version: outputVersion(owner, output, pub),
      digest,
      io,
      ofExecution: pub !== undefined,
    });
    if (outputs.length === 1 && binding.later !== true && binding.ofLater !== true) found.push(at(undefined));
    found.push(at(binding.pub));
  }
  return found;
}

/** The step versions that a binding was made from, with the generation where one was pinned. */
export interface UpstreamVersion {
  readonly version: string;
  readonly pub: string | undefined;
}

/** What the record of a binding names as upstream, in any order; contents of volatile steps have no bindings and are left out. */
export function upstreamsOf({ record }: Binding): readonly UpstreamVersion[] {
  const found: UpstreamVersion[] = [];
  const add = (upstream: object): void => {
    const { version, pub, form } = upstream as { version?: unknown; pub?: string; form?: string };
    if (typeof version === 'string' && form !== 'content') found.push({ version, pub });
  };
  for (const input of Object.values(record.inputs)) {
    if (input.from === 'output') add(input.output);
    else if (input.from === 'list') for (const item of input.items) add(item);
    else if (input.from === 'item') add(input.of);
  }
  for (const upstream of record.after ?? []) add(upstream);
  return found;
}
