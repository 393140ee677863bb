import { JOB_FLAGS } from '../arguments/flags.ts';
import type { CommandForm } from './command-form.ts';

/** The name under which bundles look for their versions. */
export const VERSIONS_FILE = 'memo.versions.json';

/** What `memo init --template` takes. */
export const TEMPLATE_NAMES = ['etl', 'ml', 'llm'] as const;

const init: CommandForm = {
  group: 'project',
  summary: 'a config, a job and a test to start from',
  takes: '[directory]',
  names: [0, 1],
  about: 'Writes a config, a small job and a test to start from. Files that exist are left as they are.',
  flags: {
    template: {
      kind: 'text',
      value: '<name>',
      says: 'etl, ml or llm',
      oneOf: TEMPLATE_NAMES,
    },
    yes: { kind: 'switch', short: 'y', says: 'ask nothing' },
  },
  examples: ['memo init', 'memo init pipelines --template llm --yes'],
};

const check: CommandForm = {
  group: 'project',
  summary: 'every job, without running it',
  takes: '',
  names: [0, 0],
  about:
    'Checks every job without running it: its wiring, traced twice; its config; its versions; its stores. Says everything that is wrong, not only the first thing.',
  flags: { ...JOB_FLAGS, strict: { kind: 'switch', says: 'warnings count as errors' } },
  examples: ['memo check', 'memo check --strict'],
};

const doctor: CommandForm = {
  group: 'project',
  summary: 'whether memo has what it needs',
  takes: '',
  names: [0, 0],
  about:
    'Looks at everything that memo needs: Node, the config, the copies of its packages, the stores, the clock, git.',
  flags: { locks: { kind: 'switch', says: 'who waits for whom, too' } },
  examples: ['memo doctor', 'memo doctor --json'],
};

const hash: CommandForm = {
  group: 'project',
  summary: 'the versions that a bundle needs, as a file',
  takes: '[job]',
  names: [0, 1],
  about:
    'Writes the versions of ops and resources to a file that is shipped with a bundle: a bundle has no sources to read them from. Of one job, or of all that have a strategy which can say them. Call it where the sources are, whenever the bundle is built.',
  flags: {
    ...JOB_FLAGS,
    output: { kind: 'text', short: 'o', value: '<file>', says: `where to write it (${VERSIONS_FILE})` },
  },
  examples: ['memo hash', 'memo hash training -o dist/memo.versions.json'],
};

const explain: CommandForm = {
  group: 'project',
  summary: 'what an error code means',
  takes: '[code]',
  names: [0, 1],
  about: 'What an error code means: what happened, why it is an error, and how to fix it. Without a code, all of them.',
  flags: {},
  examples: ['memo explain M2104', 'memo explain ref-used-as-value', 'memo explain'],
};

const completions: CommandForm = {
  group: 'project',
  summary: 'completion for bash, zsh or fish',
  takes: '<bash|zsh|fish>',
  names: [1, 40],
  about:
    'A script that completes commands, flags, jobs, steps and runs. Load it in the file that your shell starts with.',
  flags: {},
  examples: [
    'memo completions bash >> ~/.bashrc',
    'memo completions zsh > ~/.zfunc/_memo',
    'memo completions fish > ~/.config/fish/completions/memo.fish',
  ],
};

export const PROJECT_FORMS: Readonly<Record<string, CommandForm>> = { init, check, doctor, hash, explain, completions };
