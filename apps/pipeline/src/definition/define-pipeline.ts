// A whole definition from parameters and steps, as Amazon SageMaker Pipelines reads it.
import { definitionFaults } from './definition-faults';
import type { PipelineDefinition } from './pipeline-definition';
import type { Parameters } from './pipeline-parameters';
import type { Step } from './pipeline-steps';

/** Throws a `TypeError` that names every fault: a variable of a step that is not among these, a name that SageMaker refuses, ... */
export function definePipeline(parameters: Parameters, steps: readonly Step[]): PipelineDefinition {
  const definition: PipelineDefinition = {
    Version: '2020-12-01',
    Metadata: {},
    Parameters: Object.entries(parameters).map(([Name, { type, default: DefaultValue, values }]) => ({
      Name,
      Type: type,
      ...(DefaultValue !== undefined && { DefaultValue }),
      ...(values !== undefined && { EnumValues: values }),
    })),
    Steps: steps.map((step) => step.definition),
  };
  const faults = definitionFaults(definition);
  if (faults.length > 0) throw new TypeError(`this is no pipeline definition:\n${faults.join('\n')}`);
  return definition;
}
