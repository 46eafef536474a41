/**
 * Lies beside the class folders of a dataset version, `datasets/<name>/<version>/dataset.json` in a bucket. It is created once, after
 * all else, and never changed: with it the version is whole, and a rule on its creation may start the pipeline.
 */
export const DATASET_MANIFEST_FILE = 'dataset.json';

/** Below it lie the datasets of a bucket. */
export const DATASETS_PREFIX = 'datasets/';

export const DATASET_MANIFEST_FORMAT = 1;

/** What is needed to learn from a dataset version. Holds no time: the same photos in the same classes give the same manifest. */
export interface DatasetManifest {
  readonly format: typeof DATASET_MANIFEST_FORMAT;
  /** Of the dataset, and of models that learn from it unless they get another: lower-case words with dashes. */
  readonly name: string;
  /** Of this version: the hash over path and content of every photo. */
  readonly version: string;
  /** Prefix of the class folders: `./`, where the manifest lies, or an S3 URI that ends with a slash. See `datasetPrefix`. */
  readonly data: string;
  /** S3 prefix of test photos in the same folders; without it a share of the data is set aside for testing. */
  readonly test?: string;
  /** S3 prefix of photos of things that a model is not to know. */
  readonly other?: string;
  /** The sum of `classes`. */
  readonly images: number;
  /** Photos of each class. */
  readonly classes: Readonly<Record<string, number>>;
}

/** The whole of it, as the command line writes it: some hundred bytes for each photo. */
export interface DatasetVersion extends DatasetManifest {
  readonly origin: DatasetOrigin;
  /** SHA-256 of every file, by its path. */
  readonly files: Readonly<Record<string, string>>;
}

/** How a version came to be. */
export interface DatasetOrigin {
  /** The data that it goes on from, as it was found. */
  readonly parent: { readonly version: string; readonly images: number };
  /** All photos that came by feedback, those that were in the parent too. */
  readonly feedback: readonly FeedbackPhoto[];
  /** Paths of those that the parent did not have there. */
  readonly added: readonly string[];
  /** Paths of photos of feedback in the parent that are not in this version: taken back, rejected, or put into another class. */
  readonly removed: readonly string[];
  /** Other photos of the parent that lie in another class now, or were in two. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
}

export interface FeedbackPhoto {
  readonly path: string;
  readonly label: string;
  /** SHA-256 of the image as it was sent. */
  readonly image: string;
  /** Ids of all feedback that named it. */
  readonly feedback: readonly string[];
}
