import assert from 'node:assert/strict';
import type { IOManagerCase } from '../io-manager-case.ts';
import { numbered } from '../numbered-output.ts';
import type { OpenedManager } from '../opened-manager.ts';

/** What a manager tells people though nothing failed. */
export const WARNINGS: readonly IOManagerCase[] = [
  {
    id: 'warnings/none-without-reason',
    title: 'takeWarnings() gives nothing where everything works',
    needs: ['warnings'],
    async run({ open }) {
      const manager = await open();
      await useOnce(manager);
      assert.deepEqual(taken(manager), []);
    },
  },
  {
    id: 'warnings/told-once',
    title: 'takeWarnings() tells what is the matter by a code and a sentence, once',
    needs: ['warnings', 'troubled store'],
    async run({ openTroubled }) {
      const manager = await openTroubled();
      await useOnce(manager);
      const warnings = taken(manager);
      assert.ok(warnings.length > 0, 'a manager in trouble has nothing to warn about');
      for (const { code, message } of warnings) {
        assert.match(code, /^[a-z0-9]+(?:-[a-z0-9]+)*$/, `the code of a warning, ${JSON.stringify(code)}`);
        assert.match(message, /\S+ \S+/, `the message of ${code}`);
        assert.doesNotMatch(message, /\/\/[^/@\s]+:[^/@\s]+@/, `the message of ${code} has credentials`);
      }
      assert.deepEqual(taken(manager), [], 'what was taken is told again');
    },
  },
];

function taken({ manager }: OpenedManager): readonly { readonly code: string; readonly message: string }[] {
  return [...(manager.takeWarnings?.() ?? [])];
}

/** What a run does with a store, as far as the store lets it. */
async function useOnce(manager: OpenedManager): Promise<void> {
  const quietly = (operation: Promise<unknown>) => operation.catch(() => {});
  await quietly(manager.store(numbered(1), 'value'));
  await quietly(manager.has(numbered(1)));
  await quietly(manager.load(numbered(1)));
  await quietly(manager.has(numbered(2)));
  const { records } = manager.manager;
  if (records === undefined) return;
  for (const { name } of await records.segments()) await records.read(name, 0);
  for (const key of await records.documents('')) await records.getDocument(key);
}
