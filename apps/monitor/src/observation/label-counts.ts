/** Labels that are counted by name; those that come later are counted together. A model has rarely more. */
export const MAX_LABELS = 256;

/** How often each label was the best one, in bounded memory. */
export class LabelCounts {
  private readonly counts = new Map<string, number>();
  others = 0;

  add(label: string, count = 1): void {
    const known = this.counts.get(label);
    if (known === undefined && this.counts.size >= MAX_LABELS) this.others += count;
    else this.counts.set(label, (known ?? 0) + count);
  }

  merge(other: LabelCounts): void {
    for (const [label, count] of other.counts) this.add(label, count);
    this.others += other.others;
  }

  /** The most frequent first. */
  entries(): [label: string, count: number][] {
    return [...this.counts].sort(([, a], [, b]) => b - a);
  }

  store(): StoredLabelCounts {
    return { counts: Object.fromEntries(this.counts), others: this.others };
  }

  static restore({ counts, others }: StoredLabelCounts): LabelCounts {
    const restored = new LabelCounts();
    for (const [label, count] of Object.entries(counts)) restored.add(label, count);
    restored.others += others;
    return restored;
  }
}

export interface StoredLabelCounts {
  readonly counts: Readonly<Record<string, number>>;
  readonly others: number;
}
