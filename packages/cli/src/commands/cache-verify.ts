import { formatCount, oneLine } from '@memo/core/inspect';
import { verifyStore } from '@memo/core/retention';
import { EXIT } from '../exit-code.ts';
import { cacheStore } from './cache-store.ts';
import { type Invocation, printJson } from './command.ts';

/** `memo cache verify`: reads every stored value; ends with 4 where one is not what its record says. */
export async function cacheVerify(invocation: Invocation): Promise<number> {
  const { flags, out } = invocation;
  const { io, names } = await cacheStore(invocation);
  const { checked, unbound, findings } = await verifyStore(io);
  if (flags.has('json')) printJson(out, { schema: 'memo.verify/1', store: names, checked, unbound, findings });
  else {
    const { paint } = out;
    for (const { problem, step, output, message } of findings)
      out.print(
        `${paint('red', '✗')} ${oneLine(step === undefined ? 'a value' : `${step}.${output ?? ''}`)} ${problem}: ${oneLine(message)}`,
      );
    const mark = findings.length === 0 ? paint('green', '✓') : paint('red', '✗');
    const rest = unbound === 0 ? '' : ` · ${formatCount(unbound)} without a record`;
    out.print(
      `${mark} ${oneLine(names)}  ${formatCount(checked)} values read · ${formatCount(findings.length)} wrong${rest}`,
    );
  }
  return findings.length === 0 ? EXIT.ok : EXIT.integrity;
}
