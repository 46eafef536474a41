// Makes the upload form answer in place: preview, progress, cancel, result and problems without leaving the page.
// The server writes every text and every piece of markup; without this script the form works by itself.
import type { BrowserProblem, BrowserTexts } from '../pages/browser-texts';
import { enhanceFeedback } from './feedback';
import { PhotoField } from './photo-field';
import { Sending, sendPhoto } from './send-photo';

const form = document.querySelector<HTMLFormElement>('form[data-texts]');
if (form) enhance(form);

function enhance(form: HTMLFormElement): void {
  // The server writes exactly this type into the attribute.
  const texts = JSON.parse(form.dataset['texts'] ?? '') as BrowserTexts;
  const input = find(form, 'input[type=file]', HTMLInputElement);
  const submit = find(form, 'button[type=submit]', HTMLButtonElement);
  const cancel = find(form, '[data-part=cancel]', HTMLButtonElement);
  const progress = find(form, '[data-part=progress]', HTMLElement);
  const bar = find(form, 'progress', HTMLProgressElement);
  const stage = find(form, '[data-part=stage]', HTMLElement);
  const announcement = find(form, '[data-part=announcement]', HTMLElement);
  const problemSlot = find(document, '[data-slot=problem]', HTMLElement);
  const resultSlot = find(document, '[data-slot=result]', HTMLElement);
  const problemTemplate = find(document, 'template[data-template=problem]', HTMLTemplateElement);
  const initialTitle = document.title;
  const hint = input.getAttribute('aria-describedby') ?? '';
  let sending: Sending | undefined;

  for (const element of form.querySelectorAll<HTMLElement>('[data-needs-script]')) element.hidden = false;

  const field = new PhotoField(form, input, find(form, '[data-part=preview]', HTMLElement), {
    onChosen() {
      clearAnswer();
      if (!field.photo) return;
      announce(texts.chosen);
      const problem = problemOf(field.photo);
      if (problem) showProblem(problemFrom(problem));
    },
    onDragging: (isOver) => announce(isOver ? texts.dropHere : ''),
    onSeveral: () => showProblem(problemFrom(texts.severalPhotos)),
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!sending && field.photo) void send(field.photo);
  });
  cancel.addEventListener('click', () => sending?.cancel());

  async function send(photo: File): Promise<void> {
    clearAnswer();
    const problem = problemOf(photo);
    if (problem) {
      showProblem(problemFrom(problem));
      return;
    }
    sending = sendPhoto(`${form.action}?part=result`, new FormData(form), {
      onProgress(share) {
        bar.value = share;
        stage.textContent = texts.sending.replace('{percent}', String(Math.floor(share * 100)));
      },
      onSent() {
        bar.removeAttribute('value');
        stage.textContent = texts.looking;
        announce(texts.looking);
      },
    });
    setBusy(true);
    const outcome = await sending.outcome;
    sending = undefined;
    setBusy(false);
    announce('');
    if (outcome.kind === 'answered') show(outcome.html);
    else if (outcome.kind === 'unreachable') showProblem(problemFrom(texts.unreachable));
    else cancelled();
  }

  function setBusy(isBusy: boolean): void {
    submit.disabled = isBusy;
    input.disabled = isBusy;
    cancel.hidden = !isBusy;
    progress.hidden = !isBusy;
    bar.value = 0;
    stage.textContent = isBusy ? texts.sending.replace('{percent}', '0') : '';
  }

  /** Takes only what this page's own server answers; a proxy's error page is none of it. */
  function show(html: string): void {
    const answer = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-part]');
    if (answer?.matches('[data-part=result]')) showResult(answer);
    else if (answer?.matches('[data-part=problem]')) showProblem(answer);
    else showProblem(problemFrom(texts.unexpected));
  }

  function showResult(result: Element): void {
    resultSlot.replaceChildren(result);
    const map = result.querySelector('[data-part=heatmap]');
    if (map) field.cover(map);
    const feedback = result.querySelector('[data-slot=feedback]');
    if (feedback && field.photo) {
      enhanceFeedback(feedback, { photo: field.photo, problem: () => problemFrom(texts.feedbackLost) });
    }
    const heading = find(result, '[tabindex="-1"]', HTMLElement);
    document.title = texts.resultTitle.replace('{title}', heading.textContent);
    heading.focus({ preventScroll: true });
    result.scrollIntoView({ block: 'nearest' });
  }

  function showProblem(problem: Element): void {
    problemSlot.replaceChildren(problem);
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', `${problem.id} ${hint}`);
    const title = problem.querySelector('[data-part=problem-title]')?.textContent ?? '';
    document.title = texts.problemTitle.replace('{title}', title);
    (problem as HTMLElement).focus();
  }

  function problemFrom({ title, detail }: BrowserProblem): Element {
    const problem = find(document.importNode(problemTemplate.content, true), '[data-part=problem]', HTMLElement);
    find(problem, '[data-part=problem-title]', HTMLElement).textContent = title;
    find(problem, '[data-part=problem-detail]', HTMLElement).textContent = detail;
    return problem;
  }

  function clearAnswer(): void {
    problemSlot.replaceChildren();
    resultSlot.replaceChildren();
    input.removeAttribute('aria-invalid');
    input.setAttribute('aria-describedby', hint);
    document.title = initialTitle;
  }

  function cancelled(): void {
    announce(texts.cancelled);
    submit.focus();
  }

  function announce(text: string): void {
    announcement.textContent = text;
  }

  function problemOf(photo: File): BrowserProblem | undefined {
    if (photo.size === 0) return texts.empty;
    return photo.size > texts.maxBytes ? texts.tooLarge : undefined;
  }
}

/** An element that the server always writes. */
function find<T extends Element>(root: ParentNode, selector: string, type: new () => T): T {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page lacks ${selector}`);
  return element;
}
