// The photos on the page: the one place that holds their state. Views listen; whoever acts sends events.
import { next, PhotoEvent, PhotoState } from './photo-state';
import type { DecodedPhoto } from './shrink-photo';

/** What an answer says, for tables and for what this browser remembers. */
export interface PhotoAnswer {
  /** Heading of the result. */
  readonly heading: string;
  readonly answer: string;
  readonly certainty: string;
  /** The answer as the API gives it. */
  readonly json: string;
}

export interface Photo {
  readonly id: number;
  readonly file: File;
  readonly name: string;
  /** Pending while it waits to be decoded; undefined when the browser cannot show it. */
  readonly decoded: Promise<DecodedPhoto | undefined>;
  state: PhotoState;
  /** How often it was sent again by itself. */
  retries: number;
  /** What was sent of it last: feedback takes only this. */
  sent: Blob | undefined;
  answer: PhotoAnswer | undefined;
  /** Title of the problem that it has. */
  problem: string | undefined;
}

export interface PhotosListener {
  added?(photo: Photo): void;
  changed?(photo: Photo, before: PhotoState): void;
  removed?(photo: Photo): void;
}

export class Photos {
  private readonly photos: Photo[] = [];
  private readonly listeners: PhotosListener[] = [];
  private lastId = 0;

  constructor(private readonly decode: (file: File) => Promise<DecodedPhoto | undefined>) {}

  get all(): readonly Photo[] {
    return this.photos;
  }

  listen(listener: PhotosListener): void {
    this.listeners.push(listener);
  }

  add(file: File): Photo {
    const photo: Photo = {
      id: ++this.lastId,
      file,
      name: file.name,
      decoded: this.decode(file),
      state: { kind: 'ready' },
      retries: 0,
      sent: undefined,
      answer: undefined,
      problem: undefined,
    };
    this.photos.push(photo);
    for (const listener of this.listeners) listener.added?.(photo);
    return photo;
  }

  /** Whether the event applied. */
  tell(photo: Photo, event: PhotoEvent): boolean {
    const before = photo.state;
    photo.state = next(before, event);
    if (photo.state === before || !this.photos.includes(photo)) return false;
    for (const listener of this.listeners) listener.changed?.(photo, before);
    return true;
  }

  remove(photo: Photo): void {
    const index = this.photos.indexOf(photo);
    if (index < 0) return;
    this.photos.splice(index, 1);
    for (const listener of this.listeners) listener.removed?.(photo);
  }
}
