// The card of one photo: shows its state, offers what can be done in it, and holds its answer.
import type { BrowserTexts } from '../pages/browser-texts';
import { fileSize, fill } from './fill';
import { copyTemplate, find, findButton, findPart } from './page-parts';
import { isUnderWay } from './photo-state';
import { Photo } from './photos';

/** In the order in which the focus goes to them when the button that had it is gone. */
const ACTIONS = ['cancel', 'retry', 'choose-another', 'remove'] as const;
export type CardAction = (typeof ACTIONS)[number];

export class PhotoCard {
  readonly element = copyTemplate('photo');
  private readonly outcome = find(this.element, '[data-slot=outcome]', HTMLElement);
  private readonly preview = findPart(this.element, 'preview');
  private readonly picture = find(this.preview, 'img', HTMLImageElement);
  private readonly size = findPart(this.element, 'size');
  private readonly stage = findPart(this.element, 'stage');
  private readonly bar = find(this.element, 'progress', HTMLProgressElement);
  private readonly buttons = ACTIONS.map((action) => ({ action, button: findButton(this.element, action) }));

  constructor(
    readonly photo: Photo,
    private readonly texts: BrowserTexts,
    act: (action: CardAction, photo: Photo) => void,
  ) {
    this.element.id = `photo-${photo.id}`;
    findPart(this.element, 'name').textContent = photo.name;
    this.picture.alt = fill(texts.previewAlt, { name: photo.name });
    for (const { action, button } of this.buttons) {
      findPart(button, 'of').textContent = ` ${photo.name}`;
      button.addEventListener('click', () => act(action, photo));
    }
    this.show();
    void this.showPreview();
  }

  /** Shows the photo's state. */
  show(): void {
    const { state } = this.photo;
    const focused = document.activeElement;
    this.element.dataset['state'] = state.kind;
    if (isUnderWay(state)) this.clear();
    this.stage.textContent = this.stageText();
    this.bar.hidden = !isUnderWay(state);
    if (state.kind === 'sending') this.bar.value = state.share;
    else this.bar.removeAttribute('value');
    for (const { action, button } of this.buttons) button.hidden = !this.isOffered(action);
    if (focused !== document.activeElement || (focused instanceof HTMLButtonElement && focused.hidden)) {
      if (this.element.contains(focused)) this.focusButton();
    }
    void this.showSize();
  }

  /** Puts an answer or a problem into the card. */
  place(part: Element): void {
    this.clear();
    this.outcome.append(part);
  }

  /** Lays the map over the photo, and shows it while its words are open. */
  cover(map: Element, words: HTMLDetailsElement): void {
    map.setAttribute('hidden', '');
    this.preview.append(map);
    words.addEventListener('toggle', () => map.toggleAttribute('hidden', !words.open));
  }

  focusOutcome(): void {
    const target = this.outcome.querySelector<HTMLElement>('[tabindex="-1"]');
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'nearest' });
  }

  focusButton(): void {
    this.buttons.find(({ button }) => !button.hidden)?.button.focus();
  }

  /** Gives back what the browser holds for the preview. */
  release(): void {
    URL.revokeObjectURL(this.picture.src);
    this.element.remove();
  }

  private clear(): void {
    this.outcome.replaceChildren();
    this.preview.querySelector('[data-part=heatmap]')?.remove();
  }

  private async showPreview(): Promise<void> {
    const decoded = await this.photo.decoded;
    if (!decoded || !this.element.isConnected) return;
    this.picture.src = URL.createObjectURL(decoded.smaller?.blob ?? this.photo.file);
    this.preview.hidden = false;
  }

  private async showSize(): Promise<void> {
    const { file, decoded, sent } = this.photo;
    const { size, smaller } = (await decoded) ?? {};
    const language = document.documentElement.lang;
    const values = {
      ...pixels(size, language),
      bytes: fileSize(file.size, language),
      ...prefixed(pixels(smaller?.size, language)),
      sentBytes: fileSize(smaller?.blob.size ?? 0, language),
    };
    const isSmallerSent = smaller !== undefined && sent === smaller.blob;
    const text = size ? (isSmallerSent ? this.texts.shrunkSize : this.texts.size) : '{bytes}';
    this.size.textContent = fill(text, values);
  }

  private stageText(): string {
    const { texts } = this;
    const { state } = this.photo;
    switch (state.kind) {
      case 'ready':
        return state.wasCancelled === true ? texts.cancelled : '';
      case 'sending':
        return fill(texts.sending, { percent: Math.floor(state.share * 100) });
      case 'pausing':
        return fill(texts.pausing, { seconds: state.secondsLeft });
      case 'waiting':
      case 'looking':
      case 'offline':
        return texts[state.kind];
      default:
        return '';
    }
  }

  private isOffered(action: CardAction): boolean {
    const { state } = this.photo;
    if (action === 'cancel') return isUnderWay(state);
    if (action === 'remove') return !isUnderWay(state);
    const isWorthRetry = state.kind === 'failed' && state.isWorthRetry;
    if (action === 'retry') return isWorthRetry || (state.kind === 'ready' && state.wasCancelled === true);
    return state.kind === 'failed' && !isWorthRetry;
  }
}

function pixels(size: { width: number; height: number } | undefined, language: string) {
  const { width = 0, height = 0 } = size ?? {};
  return { width: width.toLocaleString(language), height: height.toLocaleString(language) };
}

function prefixed({ width, height }: { width: string; height: string }) {
  return { sentWidth: width, sentHeight: height };
}
