import { isMemoizable } from '../io/io-manager.ts';
import { ioOf } from '../trace/execution-plan.ts';
import { memoizableManagerOf } from './managers.ts';
import { StepOutputContext } from './output-contexts.ts';
import { Inquiry, type MissingOutputs, type PresenceQuestion, type WantedOutput } from './presence.ts';

/** An output that lies in another manager of the job than the one that is to keep it. */
export interface OutputElsewhere extends WantedOutput {
  /** Key of the manager that has it. */
  readonly from: string;
  /** Key of the manager that is to have it. */
  readonly to: string;
}

/** The steps all of whose missing outputs lie in other managers, with where. */
export type Elsewhere = ReadonlyMap<number, readonly OutputElsewhere[]>;

/**
 * Looks in the other managers of the job for what is missing of steps that are bound: which manager keeps an output is no part of its version,
 * so that what lies in another one is copied in place of being computed again. A step without a binding is not looked for: nobody could
 * say whether what is found is whole.
 *
 * @throws MemoError M5008 when a manager cannot tell.
 */
export async function findElsewhere(question: PresenceQuestion, missing: MissingOutputs): Promise<Elsewhere> {
  const { stored } = question;
  const wanted: WantedOutput[] = [];
  for (const [step, outputs] of missing) {
    if (stored.entry(step) === undefined) continue;
    for (const output of outputs) {
      const version = stored.addressVersion(step, output);
      if (version !== undefined) wanted.push({ step, output, version });
    }
  }
  const found = new Map<number, OutputElsewhere[]>();
  for (const output of await lookElsewhere(question, wanted)) {
    const others = found.get(output.step);
    if (others === undefined) found.set(output.step, [output]);
    else others.push(output);
  }
  return new Map([...found].filter(([step, outputs]) => outputs.length === missing.get(step)?.length));
}

/** Those of some outputs that lie in another manager than their own. Each manager is asked for all that no earlier one has. */
export async function lookElsewhere(
  { stored, managers, scope }: PresenceQuestion,
  wanted: readonly WantedOutput[],
): Promise<readonly OutputElsewhere[]> {
  const found: OutputElsewhere[] = [];
  let open = wanted;
  for (const [from, manager] of managers) {
    if (open.length === 0 || !isMemoizable(manager)) continue;
    const absent = new Map<number, string[]>();
    const inquiry = new Inquiry(manager, absent);
    const asked = new Set<WantedOutput>();
    for (const each of open) {
      const { step: index, output, version } = each;
      const step = stored.step(index);
      if (memoizableManagerOf(managers, ioOf(step, output)) === manager) continue;
      asked.add(each);
      const busy = inquiry.ask(new StepOutputContext(scope, step, { output, version }), index);
      if (busy !== undefined) await busy;
    }
    await inquiry.end();
    const isHere = (each: WantedOutput): boolean =>
      asked.has(each) && absent.get(each.step)?.includes(each.output) !== true;
    for (const each of open)
      if (isHere(each)) found.push({ ...each, from, to: ioOf(stored.step(each.step), each.output) });
    open = open.filter((each) => !isHere(each));
  }
  return found;
}
