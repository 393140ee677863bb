// Runs programs of several modules and says what they compute: one line of JSON in, one out. Each program gets a realm of its own.
import { posix } from 'node:path';
import { createInterface } from 'node:readline';
import { inspect, types } from 'node:util';
import vm from 'node:vm';
import ts from 'typescript59';

const INPUTS = [0, 2, 7];
const TIMEOUT_MS = 1_000;
const COMPILER = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  isolatedModules: true,
  jsx: ts.JsxEmit.React,
};

async function observe(files) {
  try {
    const program = new RunningProgram(files);
    const main = await unlessStuck(program.main());
    const answers = [];
    for (const input of INPUTS) answers.push(await answer(() => unlessStuck(resultOf(main, input))));
    return answers.join('\n');
  } catch (error) {
    return `cannot be imported: ${error?.name}`;
  }
}

async function resultOf(main, input) {
  return settled(await main.run(input));
}

async function answer(run) {
  try {
    return inspect(await run(), { depth: 6, maxArrayLength: 50, maxStringLength: 500 });
  } catch (error) {
    return `throws ${error?.constructor?.name}`;
  }
}

/** What an op gives is stored when all that it promises is there. */
async function settled(value) {
  if (types.isPromise(value)) return value.catch((error) => `rejects ${error?.constructor?.name}`);
  return Array.isArray(value) ? Promise.all(value.map(settled)) : value;
}

/** Nothing that programs wait for needs more than microtasks; modules that wait for each other wait for ever. */
async function unlessStuck(promise) {
  const stuck = new Promise((_resolve, reject) => {
    let turns = 0;
    const look = () => {
      turns += 1;
      if (turns > 20) reject(new RangeError('stuck'));
      else setImmediate(look);
    };
    setImmediate(look);
  });
  return Promise.race([promise, stuck]);
}

/** Edited programs share most of their files with each other. */
const compiled = new Map();

function javaScriptOf(path, text, options) {
  const key = `${JSON.stringify(options)}\n${text}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const compilerOptions = { ...COMPILER, ...options };
  const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: path });
  compiled.set(key, outputText);
  return outputText;
}

const pathOf = (url) => new URL(url).pathname.slice(1);

/** Timers of a program: each turn of the loop runs the one that is due next, so that no clock decides. */
function timers() {
  const due = [];
  let last = 0;
  const later = (run, wait = 0, ...given) => {
    last += 1;
    due.push({ id: last, wait: Number(wait), run: () => run(...given) });
    setImmediate(() => {
      due.sort((left, right) => left.wait - right.wait || left.id - right.id);
      due.shift()?.run();
    });
    return last;
  };
  const forget = (id) => {
    const at = due.findIndex((one) => one.id === id);
    if (at !== -1) due.splice(at, 1);
  };
  return {
    setTimeout: later,
    setImmediate: (run, ...given) => later(run, -1, ...given),
    clearTimeout: forget,
    clearImmediate: forget,
  };
}

class RunningProgram {
  #files;
  #modules = new Map();
  #commonJs = new Map();
  #failures = new Map();
  #context;
  #options;
  #paths;
  #atWork;

  /** `atWork` is what a worker was given, and whom it tells; `globals` what a process has of its own. */
  constructor(files, { atWork = {}, globals = {} } = {}) {
    this.#files = files;
    this.#atWork = atWork;
    // What functions say of their text is no part of a version.
    const mute = `Object.defineProperty(Function.prototype, 'toString', { value: () => 'function' })`;
    this.#context = vm.createContext({ console: { log() {}, warn() {}, error() {} }, URL, ...timers(), ...globals });
    vm.runInContext(mute, this.#context);
    const { paths = {}, ...options } = JSON.parse(files['tsconfig.json'] ?? '{}').compilerOptions ?? {};
    this.#options = options;
    this.#paths = paths;
  }

  async main() {
    const { namespace } = await this.#evaluate(this.#module('src/ops.ts'));
    return namespace.main;
  }

  async work(path) {
    await this.#evaluate(this.#module(path));
  }

  async #evaluate(module) {
    if (module.status === 'unlinked') await module.link((specifier, from) => this.#resolve(specifier, from.identifier));
    // An import while the module itself is loaded waits until that is done.
    while (module.status === 'linking' || module.status === 'evaluating') await Promise.resolve();
    await module.evaluate({ timeout: TIMEOUT_MS });
    return module;
  }

  /** Imports when the program asks; what failed once fails again in the same way. */
  async #import(specifier, from) {
    const module = this.#resolve(specifier, from);
    const failed = this.#failures.get(module);
    if (failed !== undefined) throw failed;
    try {
      return await this.#evaluate(module);
    } catch (error) {
      this.#failures.set(module, error);
      throw error;
    }
  }

  #resolve(specifier, from) {
    if (Object.hasOwn(this.#builtIns, specifier)) return this.#builtIn(specifier);
    const found = this.#find(specifier, from, 'default');
    if (found === undefined) throw new Error(`${specifier} cannot be found`);
    return this.#module(found);
  }

  /** The file that a specifier means, as Node and TypeScript agree on it. */
  #find(specifier, from, condition) {
    if (specifier.startsWith('.')) return this.#fileAt(posix.join(posix.dirname(from), specifier));
    const led = this.#ledTo(specifier);
    if (led !== undefined) return led;
    if (specifier.startsWith('#')) {
      const to = JSON.parse(this.#files['package.json']).imports?.[specifier];
      return to === undefined ? undefined : this.#find(to, 'package.json', condition);
    }
    for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
      const root = posix.join(folder, 'node_modules', specifier.split('/')[0]);
      if (Object.hasOwn(this.#files, `${root}/package.json`)) return this.#fileOfPackage(root, specifier, condition);
      if (folder === '.') return undefined;
    }
  }

  /** Where the paths of the tsconfig lead. */
  #ledTo(specifier) {
    for (const [pattern, [to]] of Object.entries(this.#paths)) {
      const start = pattern.replace('*', '');
      if (specifier === pattern) return this.#fileAt(posix.join(to));
      if (start !== pattern && specifier.startsWith(start))
        return this.#fileAt(posix.join(to.replace('*', specifier.slice(start.length))));
    }
    return undefined;
  }

  #fileOfPackage(root, specifier, condition) {
    const { exports, main } = JSON.parse(this.#files[`${root}/package.json`]);
    const to = exports?.[`.${specifier.slice(specifier.split('/')[0].length)}`] ?? main;
    return this.#fileAt(posix.join(root, typeof to === 'object' ? (to[condition] ?? to.default) : to));
  }

  #fileAt(path) {
    const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.js`];
    return candidates.find((candidate) => Object.hasOwn(this.#files, candidate));
  }

  #module(path) {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const module = this.#load(path);
    this.#modules.set(path, module);
    return module;
  }

  #load(path) {
    if (path.endsWith('.json')) return this.#synthetic(path, { default: this.#json(path) });
    if (path.endsWith('.cjs')) return this.#interop(path);
    return new vm.SourceTextModule(javaScriptOf(path, this.#files[path], this.#options), {
      identifier: path,
      context: this.#context,
      initializeImportMeta: (meta) => {
        meta.url = `file:///${path}`;
      },
      importModuleDynamically: (specifier, from) => this.#import(specifier, from.identifier),
    });
  }

  /** CommonJS is run when its turn comes; which names it exports has to be known before. */
  #interop(path) {
    const names = new RunningProgram(this.#files).namesIn(path).filter((name) => name !== 'default');
    const load = () => this.#require(path);
    return new vm.SyntheticModule(
      ['default', ...names],
      function evaluate() {
        const exports = load();
        this.setExport('default', exports);
        for (const name of names) this.setExport(name, exports[name]);
      },
      { identifier: path, context: this.#context },
    );
  }

  namesIn(path) {
    try {
      const exports = this.#require(path);
      return typeof exports === 'object' && exports !== null ? Object.keys(exports) : [];
    } catch {
      return [];
    }
  }

  #requireFrom(specifier, from) {
    const found = this.#find(specifier, from, 'require');
    if (found === undefined) throw new Error(`${specifier} cannot be found`);
    return this.#require(found);
  }

  #require(path) {
    const known = this.#commonJs.get(path);
    if (known !== undefined) return known.exports;
    const isJson = path.endsWith('.json');
    const module = { exports: isJson ? this.#json(path) : vm.runInContext('({})', this.#context) };
    this.#commonJs.set(path, module);
    if (isJson) return module.exports;
    const wrapper = vm.compileFunction(this.#files[path], ['module', 'exports', 'require'], {
      parsingContext: this.#context,
    });
    wrapper(module, module.exports, (specifier) => this.#requireFrom(specifier, path));
    return module.exports;
  }

  #json(path) {
    return vm.runInContext('(text) => JSON.parse(text)', this.#context)(this.#files[path]);
  }

  #builtIns = {
    '@memo/core': () => ({ op: (name, run) => ({ name, run: typeof run === 'function' ? run : run.run }) }),
    'node:fs': () => ({ readFileSync: (url) => this.#text(pathOf(url)) }),
    'node:module': () => ({
      createRequire: (url) => (specifier) => this.#requireFrom(specifier, pathOf(url)),
    }),
    'node:url': () => ({ fileURLToPath: (url) => pathOf(url) }),
    'node:child_process': () => ({ fork: (place) => this.#forked(typeof place === 'string' ? place : pathOf(place)) }),
    'node:worker_threads': () => ({ Worker: this.#workerClass(), ...this.#atWork }),
  };

  #builtIn(specifier) {
    const known = this.#modules.get(specifier) ?? this.#synthetic(specifier, this.#builtIns[specifier]());
    this.#modules.set(specifier, known);
    return known;
  }

  #text(path) {
    if (!Object.hasOwn(this.#files, path)) throw new Error(`${path} cannot be read`);
    return this.#files[path];
  }

  /** Workers have modules of their own, and tell one thing. */
  #workerClass() {
    const files = this.#files;
    return class {
      #url;
      #given;

      constructor(url, { workerData } = {}) {
        this.#url = url;
        this.#given = workerData;
      }

      once(_event, tell) {
        const worker = new RunningProgram(files, {
          atWork: { workerData: this.#given, parentPort: { postMessage: tell } },
        });
        worker.work(pathOf(this.#url)).catch((error) => tell(`fails: ${error?.name}`));
      }
    };
  }

  /** Processes have modules of their own, get one message and tell one thing. */
  #forked(path) {
    let tell = () => {};
    const process = {
      once(_event, hear) {
        process.hear = hear;
      },
      send: (message) => tell(message),
    };
    const started = new RunningProgram(this.#files, { globals: { process } }).work(path);
    return {
      once(_event, hear) {
        tell = hear;
      },
      send: (message) => {
        started.then(() => process.hear(message)).catch((error) => tell(`fails: ${error?.name}`));
      },
    };
  }

  #synthetic(identifier, exports) {
    return new vm.SyntheticModule(
      Object.keys(exports),
      function evaluate() {
        for (const [name, value] of Object.entries(exports)) this.setExport(name, value);
      },
      { identifier, context: this.#context },
    );
  }
}

// Programs leave promises behind that nobody waits for.
process.on('unhandledRejection', () => {});
// And timers that fail.
process.on('uncaughtException', () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const files = JSON.parse(line);
  console.log(JSON.stringify(await observe(files)));
}
