import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8's old generation grow by a factor of 5 between major collections. Buffers of uploads count towards the limit
 * that starts a collection, and a service's own heap is so small (30 MB) that V8 would collect all of it for every third
 * or fourth photo of a phone. With it the gateway takes a third of the CPU for such a photo, for about 50 MB more memory.
 */
export function tuneHeap(): void {
  setFlagsFromString('--heap-growing-percent=400');
}
