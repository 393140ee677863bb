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

class RunningProgram {
  #files;
  #modules = new Map();
  #commonJs = new Map();
  #failures = new Map();
  #context = vm.createContext({ console: { log() {}, warn() {}, error() {} } });

  constructor(files) {
    this.#files = files;
  }

  async main() {
    const { namespace } = await this.#evaluate(this.#module('src/ops.ts'));
    return namespace.main;
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
    if (specifier === '@memo/core') return this.#framework();
    const path = posix.join(posix.dirname(from), specifier);
    const candidates = [path, path.replace(/\.js$/, '.ts')];
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
    const module = { exports: vm.runInContext('({})', this.#context) };
    this.#commonJs.set(path, module);
    const wrapper = vm.compileFunction(this.#files[path], ['module', 'exports', 'require'], {
      parsingContext: this.#context,
    });
    wrapper(module, module.exports, (specifier) => this.#require(posix.join(posix.dirname(path), specifier)));
    return module.exports;
  }

  #json(path) {
    return vm.runInContext('(text) => JSON.parse(text)', this.#context)(this.#files[path]);
  }

  #framework() {
    const op = (name, run) => ({ name, run: typeof run === 'function' ? run : run.run });
    const known = this.#modules.get('@memo/core') ?? this.#synthetic('@memo/core', { op });
    this.#modules.set('@memo/core', known);
    return known;
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
