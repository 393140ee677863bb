/** A document for machines: `schema` names its shape and the version of that; readers ignore fields that they do not know. */
export interface MachineDocument {
  readonly schema: `memo.${string}/${number}`;
  readonly [field: string]: unknown;
}
