import { type OutputIdentifier, runScopedIdentifier, versionedIdentifier } from './output-identifier.ts';

/**
 * An output whose address follows from whose it is, what it is called and its version, as that of every output which core stores does: a manager that
 * knows these need not make the address.
 */
export abstract class OrdinaryOutput {
  abstract readonly op: { readonly namespace: string; readonly name: string };
  abstract readonly output: string;
  abstract readonly version: string | undefined;
  abstract readonly runId: string;
  abstract readonly step: string;
  /** The how manieth time its step ran in its run. */
  protected abstract readonly take: number;

  getOutputIdentifier(): OutputIdentifier {
    if (this.version !== undefined) return versionedIdentifier(this.op, this.output, this.version);
    // What lies at an address never changes, so that nobody can read values of two executions.
    const name = this.take < 2 ? this.output : `${this.output}:${this.take}`;
    return runScopedIdentifier(this.runId, this.step, name);
  }
}
