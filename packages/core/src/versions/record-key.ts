import { type Digest, sha256 } from '../hash/digest.ts';
import { stringText } from '../hash/scalar-text.ts';
import {
  type InputRecord,
  type ResourceRecord,
  STEP_VERSION_SCHEMA,
  type StepVersionRecord,
  type UpstreamRecord,
  type ValueRecord,
} from './step-version-record.ts';

/**
 * The text of a record that is hashed: every part length-prefixed and tagged, so that no two records share it. Parts that do not
 * change from step to step are built once ({@link recordHead}).
 */
export function recordKey(record: StepVersionRecord): string {
  return recordHead(record, record.schema) + inputsKey(record.inputs) + tailKey(record);
}

/** The step version of a record. */
export function versionOfRecord(record: StepVersionRecord): Digest {
  return sha256(recordKey(record));
}

/** The part of the text that op, config and resources decide. */
export function recordHead(
  record: Pick<StepVersionRecord, 'op' | 'config' | 'resources'>,
  schema: string = STEP_VERSION_SCHEMA,
): string {
  const { op } = record;
  const code = part(op.namespace) + part(op.name) + part(op.by) + part(op.code);
  return `${schema};${code}${valueKey(record.config)}${resourcesKey(record.resources)}`;
}

/** The part of the text that `after`, environment, salt and effect decide. */
export function tailKey(record: Pick<StepVersionRecord, 'after' | 'env' | 'salt' | 'effect'>): string {
  let text = '';
  if (record.after !== undefined) text += `A${record.after.length};${record.after.map(upstreamKey).join('')}`;
  if (record.env !== undefined) {
    const names = Object.keys(record.env).sort();
    text += `E${names.length};`;
    for (const name of names) text += part(name) + (record.env[name] == null ? '-' : part(record.env[name]));
  }
  if (record.salt !== undefined) text += `S${part(record.salt)}`;
  if (record.effect !== undefined) text += `X${part(record.effect.job)}${part(record.effect.step)}`;
  return text;
}

/** The version of an output: of its step, and of the generation where there is one. */
export function outputVersion(stepVersion: string, output: string, pub: string | undefined): Digest {
  return sha256(
    pub === undefined
      ? `memo.output-version/1;${stepVersion}${output}`
      : `memo.output-version/1;${stepVersion}${output};${pub}`,
  );
}

/** The version of an output of a volatile step: its content, and whose it is. */
export function contentVersion(
  op: { readonly namespace: string; readonly name: string },
  output: string,
  digest: string,
): Digest {
  return sha256(`memo.content-version/1;${part(op.namespace)}${part(op.name)}${part(output)}${part(digest)}`);
}

/** Which execution a set of outputs comes from. */
export function pubOf(outputs: Readonly<Record<string, { readonly digest: string } | 'absent'>>): Digest {
  let text = 'memo.pub/1;';
  const names = Object.keys(outputs);
  for (const name of names.length < 2 ? names : names.sort()) {
    const output = outputs[name];
    text += part(name) + (output === undefined || output === 'absent' ? '-' : part(output.digest));
  }
  return sha256(text);
}

/** A text with its length, so that boundaries cannot shift. */
export function part(text: string): string {
  return stringText(text);
}

function inputsKey(inputs: StepVersionRecord['inputs']): string {
  const names = Object.keys(inputs).sort();
  let text = `I${names.length};`;
  for (const name of names) text += part(name) + inputKey(inputs[name] as InputRecord);
  return text;
}

function inputKey(input: InputRecord): string {
  switch (input.from) {
    case 'output':
      return upstreamKey(input.output);
    case 'literal':
      return valueKey(input.literal);
    case 'list':
      return `L${input.items.length};${input.items.map((item) => ('key' in item ? valueKey(item) : upstreamKey(item))).join('')}`;
    case 'external':
      return `F${part(input.external)}${part(input.fingerprint)}`;
    case 'item':
      return `M${part(input.digest)}`;
  }
}

/** An upstream output enters by its version alone. */
export function upstreamKey(upstream: UpstreamRecord): string {
  const version =
    upstream.form === 'content' ? upstream.version : outputVersion(upstream.version, upstream.output, upstream.pub);
  return `O${version}`;
}

/** A value enters by its key text, and by the HMACs of secrets that count. */
export function valueKey(value: ValueRecord): string {
  if (value.secrets === undefined) return `V${part(value.key)}`;
  const secrets = Object.entries(value.secrets).sort(([a], [b]) => (a < b ? -1 : 1));
  if (secrets.length === 0) return `V${part(value.key)}`;
  return `W${part(value.key)}${secrets.length};${secrets.map(([path, hmac]) => part(path) + part(hmac)).join('')}`;
}

function resourcesKey(resources: StepVersionRecord['resources']): string {
  const names = Object.keys(resources).sort();
  return `R${names.length};${names.map((name) => part(name) + resourceKey(resources[name] as ResourceRecord)).join('')}`;
}

/** A resource enters by its code, its config and the resources that it requires, recursively. */
export function resourceKey(resource: ResourceRecord): string {
  const code = resource.code === null ? '-' : part(resource.code);
  return `${part(resource.name)}${part(resource.by)}${code}${valueKey(resource.config)}${resourcesKey(resource.resources)}`;
}
