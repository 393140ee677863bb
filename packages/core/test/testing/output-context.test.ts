import { memory } from '@memo/core';
import { outputContext, versionOf } from '@memo/core/testing';
import { describe, expect, test } from 'vitest';

describe('outputContext', () => {
  test('is what a manager needs to store, find and load an output', () => {
    const manager = memory();
    const context = outputContext({ op: 'fit', version: versionOf('a') });
    expect(manager.hasOutput(context)).toBe(false);
    manager.handleOutput(context, { weights: [1] });
    expect(manager.hasOutput(outputContext({ op: 'fit', version: versionOf('a') }))).toBe(true);
    expect(manager.hasOutput(outputContext({ op: 'fit', version: versionOf('b') }))).toBe(false);
    expect(manager.loadInput(context)).toEqual({ weights: [1] });
  });

  test('has the address that core would give, for outputs of a version and of a run', () => {
    const version = versionOf(3);
    expect(outputContext({ version }).getOutputIdentifier()).toEqual(['outputs', 'tests', 'clean', 'result', version]);
    const ofRun = outputContext({ version: undefined, runId: 'r1', step: 'fit_2', output: 'model' });
    expect(ofRun.getOutputIdentifier()).toEqual(['runs', 'r1', 'fit_2', 'model']);
    expect(ofRun.version).toBeUndefined();
    expect(outputContext({ identifier: ['..', 'x'] }).getOutputIdentifier()).toEqual(['..', 'x']);
  });

  test('keeps what a manager notes, and is silent', () => {
    const context = outputContext();
    context.annotate('rows', 3);
    context.log.info('nothing is printed');
    expect(context.annotations).toEqual({ rows: 3 });
  });

  test('says who reads, and carries a signal and a digest', () => {
    const { signal } = new AbortController();
    const context = outputContext({ consumer: { step: 'fit', input: 'docs' }, signal, contentDigest: 'vf1:00' });
    expect(context.consumer).toEqual({ step: 'fit', input: 'docs' });
    expect([context.signal, context.contentDigest]).toEqual([signal, 'vf1:00']);
  });

  test('versions have 64 digits, the same for the same label', () => {
    expect(versionOf('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(versionOf('a')).toBe(versionOf('a'));
    expect(new Set([versionOf('1'), versionOf(1), versionOf(2)]).size).toBe(3);
  });
});
