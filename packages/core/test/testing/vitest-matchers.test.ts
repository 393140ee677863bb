import '@memo/core/testing/vitest';
import { testJob } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';
import { counting } from './count-letters.ts';

async function runs() {
  const tested = testJob(counting);
  const first = await tested.run({ config: { text: 'abc' } });
  const second = await tested.rerun({ config: { text: 'abc', title: 'x' } });
  return { first, second, third: await tested.rerun(), plan: await tested.plan() };
}

describe('the matchers', () => {
  test('pass for what happened', async () => {
    const { first, second, third, plan } = await runs();
    expect(first).toHaveRun('read', 'clean', 'count', 'report');
    expect(first).not.toHaveReused();
    expect(second).toHaveReused('read', 'c*');
    expect(second).toHaveRun('report');
    expect(second).toHaveRunOnly('report');
    expect(second).not.toHaveReusedEverything();
    expect(third).toHaveReusedEverything();
    expect(third).not.toHaveRun();
    expect(plan).toMatchPlan('read reuse\n…\nreport reuse');
    expect(plan).not.toMatchPlan('…\nreport run');
    await expect(Promise.resolve(third)).resolves.toHaveReusedEverything();
  });

  test('mean by not that none of the named steps did', async () => {
    const { second } = await runs();
    expect(second).not.toHaveRun('read', 'c*');
    expect(() => expect(second).not.toHaveRun('r*')).toThrow('Expected report not to have run.');
    expect(() => expect(second).not.toHaveReused('r*')).toThrow('Expected read not to have been reused.');
  });

  test('say what happened instead and why', async () => {
    const { second, third, plan } = await runs();
    expect(() => expect(second).toHaveReused('report')).toThrow(
      'Expected report to have been reused, but report ran.\n\n' +
        '  read    reused\n  clean   reused\n  count   reused\n  report  ran      input title "letters" → "x"',
    );
    expect(() => expect(third).toHaveRun('read')).toThrow('Expected read to have run, but read was reused.');
    expect(() => expect(third).not.toHaveReusedEverything()).toThrow('Expected something to run');
    expect(() => expect(plan).toMatchPlan('read run\n…')).toThrow(
      'Expected the plan to have `read run` at the beginning',
    );
    expect(() => expect(plan).not.toMatchPlan('…')).toThrow('Expected the plan to be another than');
  });

  test('refuse steps that are not there, whether they are asked for or against', async () => {
    const { second } = await runs();
    expect(() => expect(second).toHaveRun('reprot')).toThrow('No step is called "reprot". Did you mean "report"?');
    expect(() => expect(second).not.toHaveRun('reprot')).toThrow('No step is called "reprot".');
    expect(() => expect('text').toHaveRun('report')).toThrow('takes the result of a run');
    expect(() => expect(second).toMatchPlan('')).toThrow('takes a plan');
  });
});
