/** The conditions of `exports` and `imports` maps that this process resolves with. */
export interface RuntimeConditions {
  readonly import: readonly string[];
  readonly require: readonly string[];
}

/** True when the runtime strips types itself, and keeps imports that are marked as types one by one. */
export function stripsTypes(): boolean {
  const how: unknown = Reflect.get(process.features, 'typescript');
  return how !== undefined && how !== false;
}

/** What the process was started with. */
export interface CommandLine {
  readonly execArgv: readonly string[];
  readonly nodeOptions: string | undefined;
  readonly requireModule: boolean;
}

/** Node's own conditions, and those given by `--conditions` or `-C` on the command line or in `NODE_OPTIONS`. */
export function runtimeConditions(line: CommandLine = thisCommandLine()): RuntimeConditions {
  const custom = customConditions([...wordsOf(line.nodeOptions ?? ''), ...line.execArgv]);
  const shared = [...custom, 'node', 'node-addons', ...(line.requireModule ? ['module-sync'] : []), 'default'];
  return { import: ['import', ...shared], require: ['require', ...shared] };
}

function thisCommandLine(): CommandLine {
  return {
    execArgv: process.execArgv,
    nodeOptions: process.env.NODE_OPTIONS,
    requireModule: Reflect.get(process.features, 'require_module') === true,
  };
}

function customConditions(words: readonly string[]): readonly string[] {
  const conditions = words.flatMap((word, index) => {
    const [, given] = /^(?:--conditions|-C)=(.+)$/.exec(word) ?? [];
    if (given !== undefined) return [given];
    const next = words[index + 1];
    return (word === '--conditions' || word === '-C') && next !== undefined ? [next] : [];
  });
  return [...new Set(conditions)];
}

/** Splits `NODE_OPTIONS` as Node does: at spaces outside double quotes. */
function wordsOf(options: string): readonly string[] {
  return [...options.matchAll(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g)].map(([word]) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"/g, '$1'),
  );
}
