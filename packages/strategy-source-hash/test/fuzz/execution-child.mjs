// Runs programs of several modules and says what they compute: one line of JSON in, one out. Each program gets a realm of its own.
import { posix } from 'node:path';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
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
    const main = await program.main();
    const answers = [];
    for (const input of INPUTS) answers.push(await answer(() => main.run(input)));
    return answers.join('\n');
  } catch (error) {
    return `cannot be imported: ${error?.name}`;
  }
}

async function answer(run) {
  try {
    return inspect(await run(), { depth: 6, maxArrayLength: 50, maxStringLength: 500 });
  } catch (error) {
    return `throws ${error?.constructor?.name}`;
  }
}

/** Edited programs share most of their files with each other. */
const compiled = new Map();

function javaScriptOf(path, text) {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(text, { compilerOptions: COMPILER, fileName: path });
  compiled.set(text, outputText);
  return outputText;
}

const pathOf = (url) => new URL(url).pathname.slice(1);

class RunningProgram {
  #files;
  #modules = new Map();
  #commonJs = new Map();
  #failures = new Map();
  #context = vm.createContext({ console: { log() {}, warn() {}, error() {} }, URL });
  #atWork;

  /** `atWork` is what a worker was given, and whom it tells. */
  constructor(files, atWork = {}) {
    this.#files = files;
    this.#atWork = atWork;
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
    const path = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : `node_modules/${specifier}`;
    const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.js`, `${path}/index.js`];
    const found = candidates.find((candidate) => Object.hasOwn(this.#files, candidate));
    if (found === undefined) throw new Error(`${specifier} cannot be found`);
    return this.#module(found);
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
    return new vm.SourceTextModule(javaScriptOf(path, this.#files[path]), {
      identifier: path,
      context: this.#context,
      initializeImportMeta: (meta) => {
        meta.url = `file:///${path}`;
      },
      importModuleDynamically: (specifier, from) => this.#import(specifier, from.identifier),
    });
  }

  #interop(path) {
    const exports = this.#require(path);
    const named = typeof exports === 'object' && exports !== null ? exports : {};
    return this.#synthetic(path, { ...named, default: exports });
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
    wrapper(module, module.exports, (specifier) => this.#require(posix.join(posix.dirname(path), specifier)));
    return module.exports;
  }

  #json(path) {
    return vm.runInContext('(text) => JSON.parse(text)', this.#context)(this.#files[path]);
  }

  #builtIns = {
    '@memo/core': () => ({ op: (name, run) => ({ name, run: typeof run === 'function' ? run : run.run }) }),
    'node:fs': () => ({ readFileSync: (url) => this.#text(pathOf(url)) }),
    'node:module': () => ({
      createRequire: (url) => (specifier) => this.#require(posix.join(posix.dirname(pathOf(url)), specifier)),
    }),
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
        const worker = new RunningProgram(files, { workerData: this.#given, parentPort: { postMessage: tell } });
        worker.work(pathOf(this.#url)).catch((error) => tell(`fails: ${error?.name}`));
      }
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

for await (const line of createInterface({ input: process.stdin })) {
  const files = JSON.parse(line);
  console.log(JSON.stringify(await observe(files)));
}
