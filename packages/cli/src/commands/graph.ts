import { resolve } from 'node:path';
import { EXIT } from '../exit-code.ts';
import { type StepGraph, stepGraph } from '../graph/step-graph.ts';
import { svgGraph, xmlText } from '../graph/svg-graph.ts';
import { terminalGraph } from '../graph/terminal-graph.ts';
import { type Direction, dotGraph, mermaidGraph } from '../graph/text-formats.ts';
import { planJob } from '../project/planned-job.ts';
import { htmlPage } from '../report/html-page.ts';
import { type Invocation, jsonText, printJson } from './command.ts';
import { writeTo } from './write-to.ts';

export async function answer(invocation: Invocation): Promise<number> {
  const { flags, names, out, around } = invocation;
  const planned = await planJob(invocation, names[0]);
  const drawn = stepGraph(planned, flags.text('group'));
  const format = flags.has('json') ? 'json' : (flags.text('format') ?? 'term');
  const file = flags.text('output');
  if (format === 'json' && file === undefined) printJson(out, { schema: 'memo.graph/1', ...drawn });
  else if (format === 'term' && file === undefined) out.print(terminalGraph(drawn, out));
  else {
    const text = `${textOf(drawn, format, invocation)}\n`;
    if (file === undefined) out.write(text);
    else writeTo(resolve(around.cwd, file), text);
  }
  return EXIT.ok;
}

function textOf(drawn: StepGraph, format: string, { flags, out }: Invocation): string {
  const direction = (flags.text('direction') ?? 'lr') as Direction;
  switch (format) {
    case 'mermaid':
      return mermaidGraph(drawn, direction);
    case 'dot':
      return dotGraph(drawn, direction);
    case 'svg':
      return svgGraph(drawn, direction);
    case 'html':
      return htmlPage(
        `${drawn.job} · memo graph`,
        `<h1>${xmlText(drawn.job)}</h1>\n<div class="scroll">${svgGraph(drawn, direction)}</div>`,
      );
    case 'json':
      return jsonText({ schema: 'memo.graph/1', ...drawn });
    default:
      return terminalGraph(drawn, out).join('\n');
  }
}
