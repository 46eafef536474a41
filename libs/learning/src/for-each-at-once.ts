/**
 * Works on the items in their order, `atOnce` of them at a time. After the first error, or when the signal is aborted, no further
 * item is begun; what has begun ends, then the first error (or the signal's reason) is thrown.
 */
export async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const queue = items.entries(); // shared by the lanes: each takes what is next
  const errors: unknown[] = [];
  const lane = async () => {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      try {
        signal?.throwIfAborted();
        await work(item, index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (errors.length > 0) throw errors[0];
}
