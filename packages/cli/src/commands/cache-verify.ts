import { createHash } from 'node:crypto';
import { formatCount, oneLine } from '@memo/core/inspect';
import { type StoreFinding, type VerifyReport, verifyStore } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { type RerunStep, rerunSteps } from './cache-rerun.ts';
import { cacheStore } from './cache-store.ts';
import { type Invocation, printJson } from './command.ts';

/** `memo cache verify`: reads stored values, computes some again; ends with 4 where one is not what its record says. */
export async function cacheVerify(invocation: Invocation): Promise<number> {
  const { flags, out } = invocation;
  const count = flags.number('rerun') ?? 0;
  if (!Number.isInteger(count) || count < 0) throw usageError(`--rerun takes a number of steps, not ${count}.`);
  const { io, names } = await cacheStore(invocation);
  const report = await verifyStore(io, { ...sample(invocation), repair: flags.has('repair') });
  const rerun = count === 0 ? [] : await rerunSteps(invocation, count);
  if (flags.has('json')) printJson(out, { schema: 'memo.verify/1', store: names, ...report, rerun });
  else print(invocation, names, { report, rerun });
  const isWhole = report.findings.every(({ repaired }) => repaired) && rerun.every(({ status }) => status === 'same');
  return isWhole ? EXIT.ok : EXIT.integrity;
}

/** Another choice of objects each time. @throws MemoError M1002 for a share that is none. */
function sample({ flags, around }: Invocation): Parameters<typeof verifyStore>[1] {
  const text = flags.text('sample');
  if (text === undefined) return {};
  const [, amount] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (amount === undefined || Number(amount) > 100)
    throw usageError(`--sample takes a share such as 5%, not ${JSON.stringify(text)}.`);
  const seed = around.now();
  const share = Number(amount) / 100;
  return {
    pick: ({ identifier }) => {
      const digest = createHash('sha256')
        .update(`${seed} ${identifier.join('/')}`)
        .digest();
      return digest.readUInt32BE(0) / 2 ** 32 < share;
    },
  };
}

interface Verified {
  readonly report: VerifyReport;
  readonly rerun: readonly RerunStep[];
}

function print({ out }: Invocation, names: string, { report, rerun }: Verified): void {
  const { paint } = out;
  const { checked, unbound, findings } = report;
  for (const finding of findings) out.print(`${paint('red', '✗')} ${findingText(finding)}`);
  for (const step of rerun) {
    const isSame = step.status === 'same';
    out.print(`${isSame ? paint('green', '✓') : paint('red', '✗')} ${rerunText(step)}`);
  }
  const mark = findings.length === 0 ? paint('green', '✓') : paint('red', '✗');
  const rest = unbound === 0 ? '' : ` · ${formatCount(unbound)} without a record`;
  const repaired = findings.filter((finding) => finding.repaired).length;
  const removed = repaired === 0 ? '' : ` · ${formatCount(repaired)} deleted; memo run computes them again`;
  out.print(
    `${mark} ${oneLine(names)}  ${formatCount(checked)} values read · ${formatCount(findings.length)} wrong${rest}${removed}`,
  );
}

function findingText({ step, output, problem, message }: StoreFinding): string {
  // What to do about it, which the further lines say, is what --repair does.
  const [what = ''] = message.split('\n', 1);
  return `${oneLine(step === undefined ? 'a value' : `${step}.${output ?? ''}`)} ${problem}: ${oneLine(what)}`;
}

function rerunText({ step, status, blessed, outputs, message }: RerunStep): string {
  const name = `${oneLine(step)}${blessed ? ' (blessed)' : ''}`;
  if (status === 'same') return `${name} gave the same again`;
  if (status === 'failed') return `${name} failed when it ran again: ${oneLine(message ?? '')}`;
  const remedy = blessed ? 'run it: its word was wrong' : "seed it, or declare it memo: 'off'";
  return `${name} gave other contents than those stored (${oneLine(outputs.join(', '))}): ${remedy}`;
}
