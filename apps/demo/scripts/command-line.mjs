export const HELP = `npm run demo -- [options]

Reads three million flights, trains models on them, and writes a report.
Run it twice: what has not changed is not computed again.

  --sample <n>         read only n flights, evenly spread over time
  --palette <name>     colours of the charts: ember or ocean
  --versions <kind>    what code is known by: source (default), or its files in git
  --store <kind>       where results are kept: fs (default), memory, or s3://bucket/prefix with
                       endpoint and credentials from the AWS environment
  --clean              remove the results and the report, and stop
  --help               show this, and stop

All else is for \`memo run\`:
  --set <path>=<value> change the config: --set lateAfter=30, --set split.ratio=0.7,
                       --set 'models=[{"name":"one","trees":9,"depth":2,"learningRate":0.3}]'
  --force, --only, …   npx memo run --help, in apps/demo, lists them
`;

/** Flags that choose what memo.config.ts wires, each by the variable that it reads. */
/** @type {Readonly<Record<string, string>>} */
const VARIABLES = { palette: 'DEMO_PALETTE', store: 'DEMO_STORE', versions: 'DEMO_VERSIONS' };

/**
 * @typedef {object} CommandLine
 * @property {boolean} help
 * @property {boolean} clean
 * @property {Record<string, string>} env what memo.config.ts is to see
 * @property {string[]} config flags that say which config the job has, for every command of memo
 * @property {string[]} run what else is for `memo run`
 * @property {string | undefined} problem what cannot be understood
 */

/**
 * Sorts what was typed after `npm run demo --`: the demo's own flags, and those of `memo run`, which checks them itself.
 *
 * @param {readonly string[]} args
 * @returns {CommandLine}
 */
export function readCommandLine(args) {
  /** @type {CommandLine} */
  const read = { help: false, clean: false, env: {}, config: [], run: [], problem: undefined };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [, name = '', given] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
    const value = () => given ?? left.shift() ?? missing(read, name);
    if (name === 'help' || arg === '-h') read.help = true;
    else if (name === 'clean') read.clean = true;
    else if (name === 'sample') read.config.push('--set', `sample=${value()}`);
    else if (name === 'set' || name === 'config-file') read.config.push(`--${name}`, value());
    else if (variable !== undefined) read.env[variable] = value();
    else read.run.push(arg);
  }
  return read;
}

/**
 * @param {CommandLine} read
 * @param {string} name
 */
function missing(read, name) {
  read.problem ??= `--${name} needs a value`;
  return '';
}
