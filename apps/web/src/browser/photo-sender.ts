// Sends photos, some at a time, and sends those again that only met a busy or starting service.
import { LimitedQueue } from './limited-queue';
import { Photo, Photos } from './photos';
import { isWorthRetry, Outcome, reactTo } from './retry-rule';
import { Sending, sendPhoto } from './send-photo';
import { isSentAsItIs } from './shrink-plan';

/** Of the six connections that browsers open to a server, some stay free. */
const SENT_AT_A_TIME = 3;

export interface SenderOptions {
  readonly url: string;
  readonly maxBytes: number;
  readonly wantsShrink: () => boolean;
  /** What to show of it; gives whether our server answered the photo. */
  readonly onReply: (photo: Photo, html: string) => 'answer' | 'problem';
  readonly onTrouble: (photo: Photo, trouble: 'unreachable' | 'tooLarge' | 'empty') => void;
}

export class PhotoSender {
  private readonly queue = new LimitedQueue(SENT_AT_A_TIME);
  private readonly stops = new Map<Photo, () => void>();

  constructor(
    private readonly photos: Photos,
    private readonly options: SenderOptions,
  ) {
    addEventListener('online', () => this.sendWaiting());
    photos.listen({ removed: (photo) => this.stop(photo) });
  }

  /** Sends it, or sends it again. */
  send(photo: Photo): void {
    photo.retries = 0;
    this.attempt(photo);
  }

  cancel(photo: Photo): void {
    this.photos.tell(photo, { kind: 'cancelled' });
    this.stop(photo);
  }

  private attempt(photo: Photo): void {
    if (!this.photos.tell(photo, { kind: 'queued' })) return;
    photo.answer = undefined;
    photo.problem = undefined;
    const stopped = new AbortController();
    this.stops.set(photo, () => stopped.abort());
    void this.queue.run(() => this.transfer(photo, stopped.signal));
  }

  private async transfer(photo: Photo, stopped: AbortSignal): Promise<void> {
    const body = await this.bodyOf(photo);
    if (stopped.aborted) return;
    if (body.size === 0 || body.size > this.options.maxBytes) {
      this.options.onTrouble(photo, body.size === 0 ? 'empty' : 'tooLarge');
      this.photos.tell(photo, { kind: 'failed', isWorthRetry: false });
      return;
    }
    photo.sent = body;
    const sending = this.open(photo, body);
    stopped.addEventListener('abort', () => sending.cancel());
    this.settle(photo, await sending.outcome);
  }

  private open(photo: Photo, body: Blob): Sending {
    const form = new FormData();
    form.set('heatmap', 'true');
    form.set('image', body, photo.name);
    this.photos.tell(photo, { kind: 'progressed', share: 0 });
    return sendPhoto(this.options.url, form, {
      onProgress: (share) => this.photos.tell(photo, { kind: 'progressed', share }),
      onSent: () => this.photos.tell(photo, { kind: 'sent' }),
    });
  }

  private settle(photo: Photo, outcome: Outcome): void {
    const reaction = reactTo(outcome, photo.retries, navigator.onLine);
    if (reaction.kind === 'waitForConnection') this.photos.tell(photo, { kind: 'wentOffline' });
    else if (reaction.kind === 'again') this.countDown(photo, reaction.inSeconds);
    else if (outcome.kind === 'unreachable') {
      this.options.onTrouble(photo, 'unreachable');
      this.photos.tell(photo, { kind: 'failed', isWorthRetry: true });
    } else if (outcome.kind === 'replied') {
      const isAnswer = this.options.onReply(photo, outcome.html) === 'answer';
      const worthRetry = isWorthRetry(outcome.status) || outcome.status < 400; // not ours at all
      this.photos.tell(photo, isAnswer ? { kind: 'answered' } : { kind: 'failed', isWorthRetry: worthRetry });
    }
  }

  private countDown(photo: Photo, seconds: number): void {
    let secondsLeft = seconds;
    this.photos.tell(photo, { kind: 'paused', secondsLeft });
    const timer = setInterval(() => {
      secondsLeft--;
      if (secondsLeft > 0) {
        this.photos.tell(photo, { kind: 'paused', secondsLeft });
        return;
      }
      clearInterval(timer);
      photo.retries++;
      this.attempt(photo);
    }, 1000);
    this.stops.set(photo, () => clearInterval(timer));
  }

  private sendWaiting(): void {
    for (const photo of this.photos.all) if (photo.state.kind === 'offline') this.attempt(photo);
  }

  private stop(photo: Photo): void {
    this.stops.get(photo)?.();
    this.stops.delete(photo);
  }

  /** The smaller JPEG when that is wanted, or when the server cannot read the file itself. */
  private async bodyOf({ file, decoded }: Photo): Promise<Blob> {
    const smaller = (await decoded)?.smaller;
    const isSmallerSent = this.options.wantsShrink() || !isSentAsItIs(file.type);
    return isSmallerSent && smaller ? smaller.blob : file;
  }
}
