// Asks for the versions of all ops of a generated project, as a process of its own: node git-program.mjs <directory> <git> <times>
import { pathToFileURL } from 'node:url';
import { job } from '@memo/core';
import { gitVersion } from '@memo/strategy-git';

const [directory, git, times] = process.argv.slice(2);
const { ops } = await import(pathToFileURL(`${directory}/ops.mjs`).href);

const contexts = [];
const remember = (context) => {
  contexts.push(context);
  return '1';
};
const all = job('all', {
  versions: { id: 'remember@1', getOpVersion: remember },
  build: () => ops.map((op) => op()),
});
await all.plan();

const strategy = gitVersion({ git });
const asked = [];
for (let at = 0; at < Number(times); at++) {
  const given = await measured(() => strategy.getVersions(contexts));
  const versions = new Set(given.result.map(({ version }) => version)).size;
  asked.push({ cpuMs: given.cpuMs, versions });
}
console.log(JSON.stringify({ ops: contexts.length, asked }));

/** CPU of this process: that of git is its own. */
async function measured(act) {
  const before = process.cpuUsage();
  const result = await act();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuMs: (user + system) / 1000 };
}
