// The file input with its preview, and dropping and pasting as further ways to fill it. The input stays the only
// place that holds the photo.

const SHOWN_TYPES = /^image\/(jpeg|png|webp)$/;

export class PhotoField {
  private readonly picture: HTMLImageElement;
  private overlay: Element | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly preview: HTMLElement,
    private readonly listeners: {
      onChosen(): void;
      onDragging(isOver: boolean): void;
      onSeveral(): void;
    },
  ) {
    this.picture = preview.querySelector('img') ?? preview.appendChild(document.createElement('img'));
    this.picture.addEventListener('error', () => this.setPreview(false));
    input.addEventListener('change', () => this.chosen());
    document.addEventListener('paste', (event) => this.take(event.clipboardData, event));
    this.acceptDrops();
    if (this.photo) this.chosen(); // browsers keep the choice when the page is loaded again
  }

  get photo(): File | undefined {
    return this.input.files?.[0];
  }

  focus(): void {
    this.input.focus();
  }

  /** Lays the map over the photo. */
  cover(overlay: Element): void {
    this.overlay?.remove();
    this.overlay = overlay;
    this.preview.append(overlay);
  }

  private chosen(): void {
    this.overlay?.remove();
    this.overlay = undefined;
    URL.revokeObjectURL(this.picture.src);
    const { photo } = this;
    const isShown = photo !== undefined && SHOWN_TYPES.test(photo.type);
    if (isShown) this.picture.src = URL.createObjectURL(photo);
    this.setPreview(isShown);
    this.listeners.onChosen();
  }

  private setPreview(isShown: boolean): void {
    this.preview.hidden = !isShown;
    this.form.classList.toggle('has-photo', isShown);
  }

  /** Anywhere on the page, so that a drop beside the form does not make the browser leave for the file. */
  private acceptDrops(): void {
    let depth = 0; // enter and leave come for every element that is crossed
    const move = (change: number) => {
      const wasOver = depth > 0;
      depth = Math.max(0, depth + change);
      if (depth > 0 === wasOver) return;
      this.form.classList.toggle('dragging', depth > 0);
      this.listeners.onDragging(depth > 0);
    };
    const ifFiles = (handle: (event: DragEvent) => void) => (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) handle(event);
    };
    document.addEventListener(
      'dragenter',
      ifFiles(() => move(1)),
    );
    document.addEventListener(
      'dragleave',
      ifFiles(() => move(-1)),
    );
    document.addEventListener(
      'dragover',
      ifFiles((event) => event.preventDefault()),
    );
    document.addEventListener(
      'drop',
      ifFiles((event) => {
        move(-depth);
        this.take(event.dataTransfer, event);
      }),
    );
  }

  private take(offered: DataTransfer | null, event: Event): void {
    if (!offered || offered.files.length === 0) return;
    event.preventDefault();
    if (this.input.disabled) return;
    if (offered.files.length > 1) {
      this.listeners.onSeveral();
      return;
    }
    this.input.files = offered.files;
    this.chosen();
  }
}
