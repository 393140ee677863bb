import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as fact, onTestFinished } from 'vitest';
import { KeptProject } from '../../../tools/kept-store/kept-project.mjs';

const FIXTURE = new URL('./fixtures/kept/', import.meta.url);
const STORES = readdirSync(FIXTURE).filter((name) => name.startsWith('store-'));
const STEPS = ['load', 'scale', 'summary'];
const VALUES = { numbers: [9, 3, 12, 3, 15], sum: 42, least: 3 };
const UPGRADED = { code: 'upgraded', from: 'git@1', to: 'git@next' };

fact('the store of each algorithm is kept', () => {
  expect(STORES).toContain('store-git-1');
});

fact.each(STORES)('%s is read, and everything in it is re-used', async (store) => {
  const looked = (await opened(store)).look();
  expect(looked.before).toEqual(STEPS.map((id) => ({ id, action: 'reuse', reasons: [] })));
  expect(looked).toMatchObject({ executed: [], values: VALUES, findings: [] });
});

fact.each(STORES)('an edit of what made %s is explained by what it keeps, and runs what it reaches', async (store) => {
  const project = await opened(store);
  const edited = join(project.root, 'src', 'scale.mjs');
  writeFileSync(edited, readFileSync(edited, 'utf8').replace('FACTOR = 3', 'FACTOR = 2'));
  const looked = project.look();
  expect(looked.before.map(({ id, action }) => `${id} ${action}`)).toEqual(['load reuse', 'scale run', 'summary run']);
  expect(looked.text[1]).toContain('code changed: src/scale.mjs 90a7414 2026-03-01 → uncommitted');
  expect(looked).toMatchObject({ executed: ['scale', 'summary'], values: { numbers: [6, 2, 8, 2, 10] }, findings: [] });
});

fact('under a later algorithm that knows this one, all is re-used from where it was, and bound once', async () => {
  const looked = (await opened('store-git-1')).look('raised');
  expect(looked.before).toEqual(STEPS.map((id) => ({ id, action: 'reuse', reasons: [UPGRADED] })));
  expect(looked).toMatchObject({ executed: [], values: VALUES, findings: [] });
  expect(looked.after).toEqual(STEPS.map((id) => ({ id, action: 'reuse', reasons: [] })));
});

fact('under a later algorithm that knows no other, all runs again, and the plan says that this is why', async () => {
  const looked = (await opened('store-git-1')).look('raised-without-previous');
  expect(looked.before.map(({ id, action }) => `${id} ${action}`)).toEqual(STEPS.map((id) => `${id} run`));
  for (const { reasons } of looked.before) expect(reasons[0]).toEqual(UPGRADED);
  expect(looked).toMatchObject({ executed: STEPS, values: VALUES, findings: [] });
});

async function opened(store: string): Promise<KeptProject> {
  const project = await KeptProject.open(FIXTURE, { strategy: '@memo/strategy-git', store, isRepository: true });
  onTestFinished(() => project.close());
  return project;
}
