// What versions of source code cost: cold, with nothing changed, with one file edited, and with six, of which one has an import more.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, runProcess } from './measure-process.mjs';
import { addImport, editModule, writeSourceProject } from './source-project.mjs';

const PROGRAM = fileURLToPath(new URL('source-program.mjs', import.meta.url));
const LOOKS = fileURLToPath(new URL('looks-program.mjs', import.meta.url));

/** Aims for two idle cores, of the call that gives all versions. */
export const SOURCE_AIMS = {
  cold: { ms: 2_000 },
  'nothing changed': { ms: 40 },
  'one file edited': { ms: 250 },
  'one import more': { ms: 250 },
  'six files edited': { ms: 250 },
  rssMb: 300,
};

/** One row a phase: medians over `runs` processes each. Throws when a phase gives other versions than it must. */
export function measureSourceHash({ modules, ops }, runs) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'memo-bench-sources-')));
  try {
    const { functions } = writeSourceProject(root, { modules, ops });
    const run = (cache, ...more) =>
      JSON.parse(lastLine(runProcess(process.execPath, ['--expose-gc', PROGRAM, root, cache, ...more]).stdout));
    const caches = Array.from({ length: runs }, (_, index) => join(root, `.cache${index}`));
    const cold = caches.map((cache) => run(cache));
    // In turns, so that both meet the same machine.
    const pairs = caches.map((cache) => [
      JSON.parse(lastLine(runProcess(process.execPath, [LOOKS, root]).stdout)),
      run(cache),
    ]);
    const [looks, warm] = [0, 1].map((at) => pairs.map((pair) => pair[at]));
    if (changed(cold[0], warm[0]) > 0) throw new Error('Versions changed although no file did.');
    const middle = modules >> 1;
    // A cache that missed the edits before would meet them, too.
    const after = (edit) =>
      caches.map((cache, index) => {
        const before = run(cache);
        edit(root, index);
        return { ...run(cache), before };
      });
    const edited = after((_, index) => editModule(root, middle + index));
    const linked = after((_, index) => addImport(root, middle + runs + index));
    const before = caches.map((cache) => run(cache));
    for (let file = 2 * runs; file < 2 * runs + 5; file += 1) editModule(root, middle + file);
    addImport(root, middle + 2 * runs + 5);
    const several = caches.map((cache, index) => ({ ...run(cache), before: before[index] }));
    return {
      size: { modules, ops, functions },
      floor: {
        files: looks[0].files,
        ms: median(looks.map(({ ms }) => ms)),
        cpuMs: median(looks.map(({ cpuMs }) => cpuMs)),
      },
      rows: [
        row('cold', cold),
        row('nothing changed', warm),
        ...Object.entries({ 'one file edited': edited, 'one import more': linked, 'six files edited': several }).map(
          ([phase, found]) => ({ ...row(phase, found), changed: changed(found[0].before, found[0]) }),
        ),
      ],
      profiles: {
        cold: run(join(root, '.cache-profile'), 'profile').profile,
        'nothing changed': run(join(root, '.cache-profile'), 'profile').profile,
      },
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function row(phase, results) {
  const of = (name) => median(results.map((result) => result[name]));
  return { phase, ms: of('ms'), cpuMs: of('cpuMs'), again: of('again'), heapMb: of('heapMb'), rssMb: of('rssMb') };
}

function changed(before, after) {
  return before.versions.filter((version, index) => version === undefined || version !== after.versions[index]).length;
}

function lastLine(text) {
  return text.trimEnd().split('\n').at(-1);
}

/** The rows as text, with the aims. */
export function formatSourceHash({ size, floor, rows, profiles }) {
  const lines = rows.map(({ phase, ms, cpuMs, again, heapMb, rssMb, changed: count }) => {
    const aim = SOURCE_AIMS[phase].ms;
    const edits = count === undefined ? '' : `, ${count} of ${size.ops} versions changed`;
    return `${phase.padEnd(16)} ${ms.toFixed(0)} ms (aim ${aim}), ${cpuMs.toFixed(0)} ms of CPU; asked again ${again.toFixed(1)} ms; ${heapMb.toFixed(0)} MB kept, ${rssMb.toFixed(0)} MB at most (aim ${SOURCE_AIMS.rssMb})${edits}`;
  });
  const spent = Object.entries(profiles).map(
    ([phase, places]) =>
      `where time goes, ${phase}: ${places.map(([place, ms]) => `${place} ${ms.toFixed(0)}`).join(' · ')}`,
  );
  return [
    `source hash: ${size.modules} modules, ${size.ops} ops, ${size.functions} functions`,
    ...lines,
    `floor            ${floor.ms.toFixed(0)} ms, ${floor.cpuMs.toFixed(0)} ms of CPU: a look at each of ${floor.files} files in a new process, and nothing else`,
    ...spent,
  ].join('\n');
}
