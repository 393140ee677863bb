// The public API of every entry, as text: packages/*/etc/*.api.md. Checks that they are up to date (after a build), or
// writes them with --update.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { printProblems } from '../checks/problems.mjs';
import { ROOT } from '../setup.mjs';
import { entriesOf, packagesIn } from '../workspace.mjs';

const update = process.argv.includes('--update');
const temporary = mkdtempSync(join(tmpdir(), 'memo-api-'));

try {
  printProblems(packagesIn('packages').flatMap(packageProblems));
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** @param {import('../workspace.mjs').WorkspacePackage} found */
function packageProblems(found) {
  const folder = join(found.path, 'etc');
  mkdirSync(folder, { recursive: true });
  const entries = entriesOf(found.manifest).map(({ entry, files }) => ({
    report: `${basename(found.folder)}${entry.slice(1).replaceAll('/', '-')}.api.md`,
    types: files.types ?? '',
  }));
  const wanted = new Set(entries.map(({ report }) => report));
  const unwanted = readdirSync(folder).filter((name) => !wanted.has(name));
  if (update) for (const name of unwanted) rmSync(join(folder, name));
  return [
    ...entries.flatMap(({ report, types }) => reportProblems(found, report, types)),
    ...(update ? [] : unwanted.map((name) => `${found.folder}/etc/${name}: no entry has this report`)),
  ];
}

/**
 * @param {import('../workspace.mjs').WorkspacePackage} found
 * @param {string} report
 * @param {string} types
 */
function reportProblems(found, report, types) {
  if (!existsSync(join(found.path, types))) return [`${found.folder}: ${types} is not built`];
  /** @type {string[]} */
  const problems = [];
  const { apiReportChanged } = Extractor.invoke(configFor(found, report, types), {
    localBuild: update,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(`${found.folder}: ${message.text}`);
    },
  });
  if (apiReportChanged && !update) {
    problems.push(`${found.folder}/etc/${report} is out of date: run \`npm run api:update\` and review its diff`);
  }
  return problems;
}

/**
 * @param {import('../workspace.mjs').WorkspacePackage} found
 * @param {string} report
 * @param {string} types
 */
function configFor(found, report, types) {
  const silent = { logLevel: ExtractorLogLevel.None };
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: found.path,
      mainEntryPointFilePath: join(found.path, types),
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2023'],
            module: 'nodenext',
            strict: true,
            skipLibCheck: true,
            typeRoots: [join(ROOT, 'node_modules/@types')],
            types: ['node'],
          },
          files: [join(found.path, types)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: join(found.path, 'etc'),
        reportTempFolder: join(temporary, basename(found.folder)),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: silent },
        tsdocMessageReporting: { default: silent },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(found.path, 'package.json'),
  });
}
