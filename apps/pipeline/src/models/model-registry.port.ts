import { ModelVersion, ModelVersionSummary } from './model-version';

export interface Review {
  readonly approval: 'approved' | 'rejected';
  readonly note?: string;
  /** Who decides, as this machine knows them; the registry may know better. */
  readonly reviewer: string;
}

/** The versions of a product's model. */
export interface ModelRegistry {
  /** All of them, newest first; none when there is no such group yet. */
  list(): Promise<readonly ModelVersionSummary[]>;
  /** Undefined when there is no such version. */
  find(number: number): Promise<ModelVersion | undefined>;
  review(version: ModelVersion, review: Review): Promise<void>;
}
