import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runForeign, runProcess } from './measure-process.mjs';

/**
 * Programs to compare with. `setUp` writes a graph, `change` changes what node 0 reads, `run` brings everything up to date and
 * says how many nodes it ran. Every node does the same: it writes a small file.
 */
export const PEERS = [
  {
    name: 'make',
    package: 'make',
    probe: ['make', ['--version']],
    setUp: writeMakefile,
    run: runMake,
    change: writeInput,
    largest: 10_000,
  },
  {
    name: 'ninja',
    package: 'ninja-build',
    probe: ['ninja', ['--version']],
    setUp: writeNinja,
    run: runNinja,
    change: writeInput,
    largest: 10_000,
  },
  {
    name: 'doit',
    package: 'python3-doit',
    probe: ['python3', ['-c', 'import doit']],
    setUp: writeDoit,
    run: runDoit,
    change: writeInput,
    largest: 1_000,
  },
  {
    name: 'joblib',
    package: 'python3-joblib',
    probe: ['python3', ['-c', 'import joblib']],
    setUp: writeJoblib,
    run: runJoblib,
    change: writeInput,
    largest: 10_000,
  },
];

/** True when a peer can be started here. */
export function isInstalled({ probe: [command, args] }) {
  try {
    runProcess(command, args);
    return true;
  } catch {
    return false;
  }
}

/** Removes what the nodes made, so that the next run is a cold one. */
export function reset(directory) {
  for (const made of ['out', 'ran', 'cache', '.ninja_log', '.ninja_deps', '.doit.db']) {
    rmSync(join(directory, made), { recursive: true, force: true });
  }
  mkdirSync(join(directory, 'out'));
  writeFileSync(join(directory, 'ran'), '');
}

function writeInput(directory, round) {
  writeFileSync(join(directory, 'input'), `${round}\n`);
}

const inputsOf = (upstream) => (upstream.length === 0 ? ['input'] : upstream.map((node) => `out/${node}`));
const COMMAND = (node) => `echo ${node} >> ran; echo x > out/${node}`;

function writeMakefile(directory, { upstream, sinks }) {
  const rules = upstream.map(
    (nodes, node) =>
      `out/${node}: ${
        node === 0
          ? 'input'
          : inputsOf(nodes)
              .filter((name) => name !== 'input')
              .join(' ')
      }\n\t@${COMMAND(node)}\n`,
  );
  writeFileSync(
    join(directory, 'Makefile'),
    `.SUFFIXES:\nMAKEFLAGS += -rR\nall: ${sinks.map((node) => `out/${node}`).join(' ')}\n${rules.join('')}`,
  );
}

function runMake(directory) {
  return runForeign('make', ['-s', '-j2', 'all'], { cwd: directory });
}

function writeNinja(directory, { upstream, sinks }) {
  const edges = upstream.map(
    (nodes, node) =>
      `build out/${node}: node ${
        node === 0
          ? 'input'
          : inputsOf(nodes)
              .filter((name) => name !== 'input')
              .join(' ')
      }\n  node = ${node}\n`,
  );
  const rule = `rule node\n  command = echo $node >> ran; echo x > out/$node\n`;
  writeFileSync(
    join(directory, 'build.ninja'),
    `${rule}${edges.join('')}build all: phony ${sinks.map((node) => `out/${node}`).join(' ')}\ndefault all\n`,
  );
}

function runNinja(directory) {
  return runForeign('ninja', ['-j2', '--quiet'], { cwd: directory });
}

function writeDoit(directory, { upstream }) {
  writeFileSync(join(directory, 'graph.json'), JSON.stringify(upstream));
  writeFileSync(
    join(directory, 'dodo.py'),
    `import json
GRAPH = json.load(open("graph.json"))
DOIT_CONFIG = {"verbosity": 0, "reporter": "zero", "dep_file": ".doit.db", "backend": "json"}
def node(number):
    open("ran", "a").write("%d\\n" % number)
    open("out/%d" % number, "w").write(open("input").read() if number == 0 else "".join(open("out/%d" % u).read()[:9] for u in GRAPH[number]) + str(number))
def task_node():
    for number, upstream in enumerate(GRAPH):
        reads = ["out/%d" % u for u in upstream] or (["input"] if number == 0 else [])
        yield {"name": str(number), "actions": [(node, [number])], "file_dep": reads, "targets": ["out/%d" % number], **({} if reads else {"uptodate": [True]})}
`,
  );
}

function runDoit(directory) {
  return runForeign('python3', ['-m', 'doit'], { cwd: directory });
}

function writeJoblib(directory, { upstream }) {
  writeFileSync(join(directory, 'graph.json'), JSON.stringify(upstream));
  writeFileSync(
    join(directory, 'main.py'),
    `import json
from joblib import Memory
cache = Memory("cache", verbose=0)
@cache.cache
def node(number, seed, values):
    open("ran", "a").write("%d\\n" % number)
    total = seed
    for value in values:
        total = (total * 31 + value) % 1000000007
    return total
results = []
for number, upstream in enumerate(json.load(open("graph.json"))):
    seed = -1 - int(open("input").read()) if number == 0 else number
    results.append(node(number, seed, [results[u] for u in upstream]))
`,
  );
}

function runJoblib(directory) {
  return runForeign('python3', ['main.py'], { cwd: directory });
}
