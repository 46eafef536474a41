/**
 * The data cannot be learnt from. The message says why, in sentences for whoever gathered it; it names folders and files.
 *
 * `data-unreadable`: a folder is missing or closed. `labels-invalid`: `labels.json` is wrong. `too-few-classes`, `too-few-images`: see
 * `readDataset`. `unknown-class`: the test data has a class of its own. `data-changed`: a file is not what it was when it was read.
 */
export class DatasetError extends Error {
  constructor(
    readonly code:
      'data-unreadable' | 'labels-invalid' | 'too-few-classes' | 'too-few-images' | 'unknown-class' | 'data-changed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DatasetError';
  }
}
