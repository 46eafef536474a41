/** Sources that are remembered; the one that has been silent the longest is forgotten first. */
const MAX_SOURCES = 256;
/** Batches of a source that may overtake each other; one that is older than these counts as repeated. */
const REMEMBERED_BATCHES = 64;

interface Source {
  readonly id: string;
  /** Numbers of the latest batches. */
  readonly seen: number[];
  readonly dropped: number;
}

/** Knows which batches have come, so that one that is sent again is not counted twice. */
export class BatchSources {
  /** In the order of their latest batch. */
  private readonly sources = new Map<string, Source>();
  /** Events that sources have thrown away. */
  dropped = 0;

  /** False for a batch that has come before. */
  admit({ source: id, sequence, dropped }: { source: string; sequence: number; dropped: number }): boolean {
    const known = this.sources.get(id) ?? { id, seen: [], dropped: 0 };
    const highest = Math.max(0, ...known.seen);
    if (sequence <= highest - REMEMBERED_BATCHES || known.seen.includes(sequence)) return false;
    this.dropped += Math.max(0, dropped - known.dropped);
    const least = Math.max(highest, sequence) - REMEMBERED_BATCHES;
    const seen = [...known.seen.filter((each) => each > least), sequence];
    this.remember({ id, seen, dropped: Math.max(dropped, known.dropped) });
    return true;
  }

  absorb(other: BatchSources): void {
    this.dropped += other.dropped;
    for (const source of other.sources.values()) if (!this.sources.has(source.id)) this.remember(source);
  }

  store(): StoredBatchSources {
    return { dropped: this.dropped, sources: [...this.sources.values()] };
  }

  static restore({ dropped, sources }: StoredBatchSources): BatchSources {
    const restored = new BatchSources();
    restored.dropped = dropped;
    for (const source of sources) restored.remember(source);
    return restored;
  }

  private remember(source: Source): void {
    this.sources.delete(source.id);
    this.sources.set(source.id, source);
    const [oldest] = this.sources.keys();
    if (this.sources.size > MAX_SOURCES && oldest !== undefined) this.sources.delete(oldest);
  }
}

export interface StoredBatchSources {
  readonly dropped: number;
  readonly sources: readonly Source[];
}
