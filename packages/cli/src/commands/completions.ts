import { GLOBAL_FLAGS } from '../arguments/flags.ts';
import { EXIT } from '../exit-code.ts';
import { usageError } from '../failures/usage-error.ts';
import { ALIASES, FORMS } from '../forms/every-form.ts';
import { CACHE_ACTIONS } from '../forms/results.ts';
import { runIds } from '../history/run-history.ts';
import { runName } from '../history/run-name.ts';
import type { RunnableJob } from '../project/planned-job.ts';
import { openProject, projectOf } from '../project/project.ts';
import type { Invocation } from './command.ts';

/** What commands take as their first name. */
const TAKES: Readonly<Record<string, 'job' | 'step' | 'run' | 'cache' | 'shell'>> = {
  run: 'job',
  plan: 'job',
  graph: 'job',
  dev: 'job',
  hash: 'job',
  why: 'step',
  versions: 'step',
  get: 'step',
  bless: 'step',
  cache: 'cache',
  show: 'run',
  diff: 'run',
  report: 'run',
  completions: 'shell',
};

const MOST_RUNS = 30;

export async function answer(invocation: Invocation): Promise<number> {
  const { names, out } = invocation;
  const [shell = '', ...words] = names;
  if (shell === 'words') out.printToCopy(await candidates(invocation, words));
  else {
    const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
    if (script === undefined)
      throw usageError(`There are completions for bash, zsh and fish, not ${JSON.stringify(shell)}.`);
    out.write(script);
  }
  return EXIT.ok;
}

/** What can stand where the last of some words begins. Never fails: a prompt is no place for errors. */
async function candidates(invocation: Invocation, words: readonly string[]): Promise<readonly string[]> {
  const last = words.at(-1) ?? '';
  const all = await possible(invocation, words).catch(() => []);
  return all.filter((word) => word.startsWith(last) && !/[\p{Cc}\s]/u.test(word));
}

async function possible(invocation: Invocation, words: readonly string[]): Promise<readonly string[]> {
  const [command] = words.filter((word) => !word.startsWith('-'));
  if (words.length <= 1 || command === undefined)
    return [...Object.keys(FORMS), ...Object.keys(ALIASES), ...flagNames(GLOBAL_FLAGS)];
  const name = Object.hasOwn(ALIASES, command) ? (ALIASES[command] as string) : command;
  if (words.at(-1)?.startsWith('-') === true) return flagNames({ ...FORMS[name]?.flags, ...GLOBAL_FLAGS });
  switch (TAKES[name]) {
    case 'shell':
      return Object.keys(SCRIPTS);
    case 'cache':
      return CACHE_ACTIONS;
    case 'job':
      return (await openProject(invocation)).jobs.map((job) => job.name);
    case 'step':
      return stepIds(invocation);
    case 'run':
      projectOf(invocation);
      return [
        'last',
        ...runIds().slice(0, MOST_RUNS).map(runName),
        ...(name === 'show' ? await stepIds(invocation) : []),
      ];
    default:
      return [];
  }
}

async function stepIds(invocation: Invocation): Promise<readonly string[]> {
  const { jobs } = await openProject(invocation);
  const plans = await Promise.allSettled(jobs.map((job) => (job as RunnableJob).plan({})));
  return plans.flatMap((plan) => (plan.status === 'fulfilled' ? plan.value.steps.map(({ id }) => id) : []));
}

function flagNames(table: object): readonly string[] {
  return Object.keys(table).map((name) => `--${name}`);
}

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_memo() {
  local IFS=$'\\n'
  COMPREPLY=($(memo completions words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _memo memo
`,
  zsh: `#compdef memo
_memo() {
  local -a found
  found=("\${(@f)$(memo completions words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  (( $#found )) && compadd -a found
}
compdef _memo memo
`,
  fish: `function __memo
  memo completions words -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null
end
complete -c memo -f -a '(__memo)'
`,
};
