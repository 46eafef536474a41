// The ways by which photos come in: two file inputs, dropping, pasting, and samples. It does not know what becomes of them.
import { find } from './page-parts';

export interface SourceListeners {
  readonly onPhotos: (files: readonly File[]) => void;
  /** Files are over the page, or have left it. */
  readonly onDragging: (isOver: boolean) => void;
  /** A sample was asked for. */
  readonly onSample: (file: File) => void;
  readonly onSampleLost: () => void;
}

export function listenToInputs(form: HTMLFormElement, { onPhotos }: SourceListeners): void {
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type=file]')) {
    const take = () => {
      const files = [...(input.files ?? [])];
      input.value = ''; // so that the same file can be chosen again
      if (files.length > 0) onPhotos(files);
    };
    input.addEventListener('change', take);
    take(); // browsers keep the choice when the page is loaded again
  }
}

export function listenToPaste({ onPhotos }: SourceListeners): void {
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onPhotos(files);
  });
}

/** Anywhere on the page, so that a drop beside the form does not make the browser leave for the file. */
export function listenToDrops({ onPhotos, onDragging }: SourceListeners): void {
  let depth = 0; // enter and leave come for every element that is crossed
  const move = (change: number) => {
    const wasOver = depth > 0;
    depth = Math.max(0, depth + change);
    if (depth > 0 !== wasOver) onDragging(depth > 0);
  };
  const on = (type: 'dragenter' | 'dragleave' | 'dragover' | 'drop', handle: (event: DragEvent) => void) => {
    document.addEventListener(type, (event) => {
      if (event.dataTransfer?.types.includes('Files')) handle(event);
    });
  };
  on('dragenter', () => move(1));
  on('dragleave', () => move(-1));
  on('dragover', (event) => event.preventDefault());
  on('drop', (event) => {
    move(-depth);
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) onPhotos(files);
  });
}

/** A sample is fetched as a file and goes the way of any photo. */
export function listenToSamples({ onSample, onSampleLost }: SourceListeners): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sample]')) {
    let isFetching = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (isFetching) return;
      isFetching = true;
      const name = find(form, 'button', HTMLButtonElement).textContent;
      void fetchFile(form.dataset['sample'] ?? '', name)
        .then(onSample, onSampleLost)
        .finally(() => (isFetching = false));
    });
  }
}

async function fetchFile(url: string, name: string): Promise<File> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the sample answered ${response.status}`);
  return new File([await response.blob()], name, { type: 'image/jpeg' });
}
