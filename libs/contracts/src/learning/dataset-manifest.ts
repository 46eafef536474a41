/** Lies beside the class folders of a dataset version, and is written last: with it the version is whole. */
export const DATASET_MANIFEST_FILE = 'dataset.json';

/** How a dataset version came to be. Holds no time: the same photos with the same classes give the same manifest. */
export interface DatasetManifest {
  readonly schemaVersion: 1;
  readonly name: string;
  /** Over path and content of every photo. */
  readonly hash: string;
  /** The data that it goes on from. */
  readonly parent: { readonly hash: string; readonly photos: number };
  /** Photos that came by feedback and were accepted, by path. */
  readonly added: readonly AddedPhoto[];
  /** Photos of the parent that lie in another class now, or were in two. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Photos of each class. */
  readonly classes: Readonly<Record<string, number>>;
}

export interface AddedPhoto {
  readonly path: string;
  readonly label: string;
  /** SHA-256 of the image as it was sent. */
  readonly image: string;
  /** Of the feedback that named it. */
  readonly feedback: readonly string[];
}
