import { Language, localize } from '@app/contracts';
import { DeployedModel, ModelResponse } from '@app/contracts/classification';

/** The public description of the deployed model, with texts in one language. */
export function describeDeployedModel({ model, description }: DeployedModel, language: Language): ModelResponse {
  if (description === undefined) return { ...model, explains: false, labels: [] };
  const { input, thresholds, metrics, created, explains } = description;
  return {
    ...model,
    ...(description.description === undefined ? {} : { description: localize(description.description, language) }),
    created,
    explains,
    input: { size: input.size, resize: input.resize },
    thresholds,
    ...(metrics === undefined ? {} : { metrics }),
    labels: description.labels.map(({ id, name, description }) => ({
      id,
      name: localize(name, language),
      ...(description === undefined ? {} : { description: localize(description, language) }),
    })),
  };
}
