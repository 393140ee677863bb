// A process of its own: asks a strategy for the versions of a project and prints its answers. Parameters: the module of the
// strategy, the directory of the project, and what to ask.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CodeVersion,
  type Json,
  messageOf,
  type OpVersionContext,
  type ResourceVersionContext,
  type VersionStrategy,
} from '@memo/core/plugin';
import type { StrategyAnswer, StrategyAnswers } from './answer.ts';

type Context = OpVersionContext | ResourceVersionContext;

const [module = '', directory = '', question = 'versions', ...details] = process.argv.slice(2);
const { strategy: make } = (await import(module)) as { strategy(directory: string): VersionStrategy };
const strategy = make(directory);
const answer = question === 'diff' ? diff() : await versions();
process.stdout.write(`${JSON.stringify(answer)}\n`);

function diff(): unknown {
  const [before = 'null', after = 'null'] = details;
  return strategy.diffManifests?.(JSON.parse(before) as Json, JSON.parse(after) as Json);
}

async function versions(): Promise<StrategyAnswers> {
  const contexts = await contextsOf();
  const [ops, resources] = [contexts.filter(isOp), contexts.filter((context) => !isOp(context))];
  const inOrder = [...ops, ...resources];
  const singles = await Promise.all(inOrder.map((context) => answerOf(() => ask(context))));
  const named = (wanted: readonly Context[]) =>
    Object.fromEntries(wanted.map((context) => [context.name, singles[inOrder.indexOf(context)] ?? {}]));
  const bulk = await strategy.getVersions?.(inOrder);
  return {
    id: strategy.id,
    methods: ['getResourceVersion', 'getVersions', 'diffManifests'].filter((name) => name in strategy),
    ops: named(ops),
    resources: named(resources),
    asked: inOrder.map(({ name }) => name),
    ...(bulk === undefined ? {} : { bulk: bulk.map(shown) }),
  };
}

function ask(context: Context) {
  return isOp(context) ? strategy.getOpVersion(context) : strategy.getResourceVersion?.(context);
}

function isOp(context: Context): context is OpVersionContext {
  return context.kind === 'op';
}

/** What core tells strategies about the project: a plan asks for it. */
async function contextsOf(): Promise<readonly Context[]> {
  const { pipeline } = (await import(pathToFileURL(join(directory, 'pipeline.js')).href)) as {
    pipeline(versions: VersionStrategy): { plan(): Promise<unknown> };
  };
  const contexts: Context[] = [];
  const remember = (context: Context): string => {
    contexts.push(context);
    return '1';
  };
  await pipeline({ id: 'remember@1', getOpVersion: remember, getResourceVersion: remember }).plan();
  return contexts;
}

async function answerOf(act: () => unknown): Promise<StrategyAnswer> {
  try {
    return shown((await act()) as CodeVersion | string | undefined);
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

function shown(answer: CodeVersion | string | undefined): StrategyAnswer {
  if (answer === undefined) return {};
  return typeof answer === 'string' ? { version: answer } : answer;
}
