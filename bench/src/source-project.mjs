// A generated program: modules of functions that call each other across modules, and files of ops that use them.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FUNCTIONS_PER_MODULE = 6;
const OPS_PER_FILE = 10;
const LAYERS = 12;
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the program; says how many functions it has. The same sizes give the same program. */
export function writeSourceProject(root, { modules, ops }) {
  const next = randomNumbers(1);
  const write = (file, text) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write('package.json', JSON.stringify({ name: 'generated', type: 'module', dependencies: { '@memo/core': '*' } }));
  for (let index = 0; index < modules; index++) write(moduleFile(index), moduleText(index, modules, next));
  const files = ops / OPS_PER_FILE;
  for (let index = 0; index < files; index++) write(`src/ops/ops${index}.js`, opsText(index, modules, next));
  write('src/main.js', mainText(files));
  mkdirSync(join(root, 'node_modules/@memo'), { recursive: true });
  for (const [name, directory] of [
    ['core', 'core'],
    ['strategy-source-hash', 'strategy-source-hash'],
  ]) {
    symlinkSync(join(REPOSITORY, 'packages', directory), join(root, 'node_modules/@memo', name));
  }
  return { functions: modules * FUNCTIONS_PER_MODULE + ops };
}

/** Changes what one function of one module computes. */
export function editModule(root, index) {
  const file = join(root, moduleFile(index));
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/const weight = \d+;/, (found) => `${found.slice(0, -1)}1;`),
  );
}

/** Lets one function of a module call one that it adds, and one of a module that it did not import. */
export function addImport(root, index) {
  const file = join(root, moduleFile(index));
  const last = LAYERS - 1;
  const [name] = names(last);
  const added = `export function more${index}(rows) {\n  return ${name}(rows).length;\n}\n`;
  const text = readFileSync(file, 'utf8').replace('let total = 0;', `let total = more${index}(rows);`);
  writeFileSync(file, `import { ${name} } from '../layer${last}/module${last}.js';\n${text}\n${added}`);
}

function moduleFile(index) {
  return `src/layer${index % LAYERS}/module${index}.js`;
}

function moduleText(index, modules, next) {
  const layer = index % LAYERS;
  const below = layer === LAYERS - 1 ? [] : Array.from({ length: 3 }, () => inLayer(layer + 1, modules, next));
  const imports = [...new Set(below)].map(
    (other) => `import { ${names(other).slice(0, 3).join(', ')} } from '../layer${layer + 1}/module${other}.js';`,
  );
  const callable = [...new Set(below)].flatMap((other) => names(other).slice(0, 3));
  const functions = names(index).map((name, position) => {
    const neighbour = position % 2 === 0 ? names(index)[position + 1] : undefined;
    const callees = [neighbour, callable[next(callable.length)]].filter(Boolean);
    const calls = callees.map((callee) => `  total += ${callee}(rows.slice(0, ${next(9) + 1}));`).join('\n');
    return `/** Sums rows in the way of ${name}. */\nexport function ${name}(rows) {\n  const weight = ${next(900) + 10};\n  let total = 0;\n  for (const row of rows) {\n    if (row.kind === 'k${next(5)}' && row.value > LIMIT) total += row.value * weight;\n    else total -= \`\${row.name}:\${weight}\`.length;\n  }\n${calls}\n  return total;\n}`;
  });
  return `${imports.join('\n')}\n\nconst LIMIT = ${next(100)};\n\n${functions.join('\n\n')}\n`;
}

function opsText(index, modules, next) {
  const used = Array.from({ length: OPS_PER_FILE }, () => {
    const module = inLayer(0, modules, next);
    return { module, name: names(module)[next(FUNCTIONS_PER_MODULE)] };
  });
  const unique = new Map(used.map(({ module, name }) => [name, module]));
  const imports = [...unique].map(([name, module]) => `import { ${name} } from '../layer0/module${module}.js';`);
  const ops = used.map(
    ({ name }, position) =>
      `export const op${index}_${position} = op('op${index}_${position}', { description: 'sums', run: ({ rows }) => ${name}(rows) + ${position} });`,
  );
  return `import { op } from '@memo/core';\n${imports.join('\n')}\n\n${ops.join('\n')}\n`;
}

function mainText(files) {
  const imports = Array.from({ length: files }, (_, index) => `import * as ops${index} from './ops/ops${index}.js';`);
  const all = Array.from({ length: files }, (_, index) => `ops${index}`);
  return `${imports.join('\n')}\n\nexport const ops = [${all.join(', ')}].flatMap((module) => Object.values(module));\n`;
}

function names(module) {
  return Array.from({ length: FUNCTIONS_PER_MODULE }, (_, index) => `sum${module}_${index}`);
}

function inLayer(layer, modules, next) {
  const count = Math.floor((modules - layer - 1) / LAYERS) + 1;
  return layer + LAYERS * next(count);
}

function randomNumbers(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}
