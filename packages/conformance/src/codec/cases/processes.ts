import assert from 'node:assert/strict';
import { askChild } from '../../child-process.ts';
import type { CodecCase } from '../codec-case.ts';
import type { CodecHarness } from '../harness.ts';

/** What other processes and earlier releases wrote. */
export const CODEC_PROCESSES: readonly CodecCase[] = [
  {
    id: 'stored/earlier-releases',
    title: 'what earlier releases wrote can be read',
    needs: ['stored bytes'],
    run({ harness, codec, assertSame }) {
      for (const [name, base64] of Object.entries(harness.stored ?? {})) {
        const make = harness.values[name];
        assert.ok(make !== undefined, `the harness has stored bytes of ${name}, and no such value`);
        assertSame(codec.decode(Buffer.from(base64, 'base64')), make(), name);
      }
    },
  },
  {
    id: 'stored/other-process-writes',
    title: 'what another process wrote can be read',
    needs: ['other processes'],
    async run({ harness, codec, values, assertSame }) {
      const written = await writtenElsewhere(harness);
      for (const [name, make] of values) assertSame(codec.decode(bytesNamed(written, name)), make(), name);
    },
  },
  {
    id: 'stored/canonical-everywhere',
    title: 'another process gives the same bytes',
    needs: ['other processes', 'canonical'],
    async run({ harness, values, bytesOf }) {
      const written = await writtenElsewhere(harness);
      for (const [name, make] of values) assert.ok(bytesNamed(written, name).equals(bytesOf(make())), name);
    },
  },
];

async function writtenElsewhere({ otherProcesses }: CodecHarness): Promise<Readonly<Record<string, string>>> {
  const { module, nodeOptions } = otherProcesses ?? assert.fail();
  const program = new URL('../codec-child', import.meta.url);
  return (await askChild({ program, parameters: [module], nodeOptions })) as Record<string, string>;
}

function bytesNamed(written: Readonly<Record<string, string>>, name: string): Buffer {
  return Buffer.from(written[name] ?? assert.fail(`the other process does not know ${name}`), 'base64');
}
