import type { InputModel, JobModel, Keeper, OpModel, ResourceModel, StepModel } from './job-model.ts';

/** A change that somebody makes to a job between two runs. */
export type JobEdit =
  | { readonly kind: 'code'; readonly op: number; readonly to: number }
  /** Gives all outputs of an op another manager, which changes no version. */
  | { readonly kind: 'move'; readonly op: number; readonly to: Keeper }
  | { readonly kind: 'config'; readonly step: number; readonly to: number }
  | { readonly kind: 'salt'; readonly step: number; readonly to: number }
  /** Replaces an input: another literal, another output, another list. */
  | { readonly kind: 'input'; readonly step: number; readonly input: number; readonly to: InputModel }
  /** Exchanges the first two inputs. */
  | { readonly kind: 'swap'; readonly step: number }
  /** Turns the items of all lists around. */
  | { readonly kind: 'reverse'; readonly step: number }
  | { readonly kind: 'after'; readonly step: number; readonly other: number | undefined }
  | { readonly kind: 'resource-code'; readonly resource: number; readonly to: number }
  | { readonly kind: 'resource-config'; readonly resource: number; readonly to: number }
  /** Gives a step another id. */
  | { readonly kind: 'rename'; readonly step: number; readonly to: number | undefined };

/** The model with an edit applied. */
export function applyEdit(model: JobModel, edit: JobEdit): JobModel {
  switch (edit.kind) {
    case 'code':
      return { ...model, ops: changed(model.ops, edit.op, (op): OpModel => ({ ...op, code: edit.to })) };
    case 'move':
      return { ...model, ops: changed(model.ops, edit.op, (op) => moved(op, edit.to)) };
    case 'resource-code':
      return editResource(model, edit.resource, (resource) => ({ ...resource, code: edit.to }));
    case 'resource-config':
      return editResource(model, edit.resource, (resource) => ({ ...resource, config: edit.to }));
    default:
      return { ...model, steps: changed(model.steps, edit.step, (step) => editStep(step, edit)) };
  }
}

type StepEdit = Exclude<JobEdit, { readonly kind: 'code' | 'move' | 'resource-code' | 'resource-config' }>;

function editStep(step: StepModel, edit: StepEdit): StepModel {
  switch (edit.kind) {
    case 'config':
      return { ...step, config: edit.to };
    case 'salt':
      return { ...step, salt: edit.to };
    case 'rename':
      return { ...step, id: edit.to };
    case 'after':
      return { ...step, after: edit.other === undefined ? [] : [...step.after, { step: edit.other, by: 'reference' }] };
    case 'input':
      return { ...step, inputs: changed(step.inputs, edit.input, () => edit.to) };
    case 'swap': {
      const [first, second, ...rest] = step.inputs;
      return first === undefined || second === undefined ? step : { ...step, inputs: [second, first, ...rest] };
    }
    case 'reverse':
      return {
        ...step,
        inputs: step.inputs.map((input) =>
          input.kind === 'list' ? { ...input, items: [...input.items].reverse() } : input,
        ),
      };
  }
}

function moved(op: OpModel, io: Keeper): OpModel {
  const { outputs } = op;
  return { ...op, io, outputs: outputs === 'single' ? outputs : outputs.map((output) => ({ ...output, io })) };
}

function editResource(model: JobModel, at: number, edit: (resource: ResourceModel) => ResourceModel): JobModel {
  return { ...model, resources: changed(model.resources, at, edit) };
}

function changed<T>(items: readonly T[], at: number, change: (item: T) => T): readonly T[] {
  return items.map((item, index) => (index === at % items.length ? change(item) : item));
}
