/** The model package cannot be used. The message is a sentence for whoever made the package: it names the file and says why. */
export class ModelPackageError extends Error {
  readonly code = 'bad-model-package';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelPackageError';
  }
}
