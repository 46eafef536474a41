import { Language, localize } from '@app/contracts';
import { DeployedModel, ModelOriginResponse, ModelResponse } from '@app/contracts/classification';
import { ModelDescription } from '@app/contracts/sagemaker';

/** The public description of the deployed model, with texts in one language. */
export function describeDeployedModel({ model, description }: DeployedModel, language: Language): ModelResponse {
  if (description === undefined) return { ...model, explains: false, labels: [] };
  const { input, thresholds, metrics, evaluation, created, explains } = description;
  const origin = originOf(description);
  return {
    ...model,
    ...(description.description === undefined ? {} : { description: localize(description.description, language) }),
    created,
    explains,
    input: { size: input.size, resize: input.resize },
    thresholds,
    ...(metrics === undefined ? {} : { metrics }),
    ...(evaluation === undefined ? {} : { evaluation }),
    ...(Object.keys(origin).length === 0 ? {} : { origin }),
    labels: description.labels.map(({ id, name, description }) => ({
      id,
      name: localize(name, language),
      ...(description === undefined ? {} : { description: localize(description, language) }),
    })),
  };
}

/** Field by field: packages may say there what they like, such as the folders of a training job, and not all is for the public. */
function originOf({ data = {}, provenance = {} }: Pick<ModelDescription, 'data' | 'provenance'>): ModelOriginResponse {
  return {
    ...text('data', data['name']),
    ...text('source', data['source']),
    ...text('terms', data['terms']),
    ...number('trainingImages', data['trainingImages']),
    ...number('validationImages', data['validationImages']),
    ...text('madeBy', provenance['madeBy']),
    ...text('network', provenance['network']),
    ...text('recipe', provenance['recipe']),
    ...text('license', provenance['license'] ?? data['license']),
  };
}

function text(name: keyof ModelOriginResponse, value: unknown): object {
  return typeof value === 'string' && value.trim() !== '' ? { [name]: value } : {};
}

function number(name: keyof ModelOriginResponse, value: unknown): object {
  return typeof value === 'number' ? { [name]: value } : {};
}
