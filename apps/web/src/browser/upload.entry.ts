// Makes the start page answer in place: several photos with previews, progress and answers, without leaving the page.
// The server writes every text and every piece of markup; without this script the form works by itself.
import type { BrowserProblem, BrowserTexts } from '../pages/browser-texts';
import { placeProblem, placeReply } from './answer-part';
import { showComparison } from './comparison';
import { fill } from './fill';
import { enhanceHistory } from './history';
import { OutcomeTeller } from './outcome-teller';
import { find, findButton, findPart, setHidden } from './page-parts';
import { CardAction, PhotoCard } from './photo-card';
import { PhotoSender } from './photo-sender';
import { listenToDrops, listenToInputs, listenToPaste, listenToSamples } from './photo-sources';
import { isOnTheWire, isUnderWay } from './photo-state';
import { Photo, Photos } from './photos';
import { problemPart } from './problem-parts';
import { decodePhoto } from './shrink-photo';

const form = document.querySelector<HTMLFormElement>('form[data-texts]');
if (form) enhance(form);

function enhance(form: HTMLFormElement): void {
  // The server writes exactly this type into the attribute.
  const texts = JSON.parse(form.dataset['texts'] ?? '') as BrowserTexts;
  const input = find(form, '#image', HTMLInputElement);
  const submit = find(form, 'button[type=submit]', HTMLButtonElement);
  const submitText = submit.textContent;
  const shrink = find(form, '[data-part=shrink]', HTMLInputElement);
  const announcement = findPart(form, 'announcement');
  const problemSlot = find(document, '[data-slot=problem]', HTMLElement);
  const section = findPart(document, 'photos');
  const list = findPart(section, 'photo-list');
  const hint = input.getAttribute('aria-describedby') ?? '';
  const cards = new Map<Photo, PhotoCard>();

  const announce = (text: string) => {
    announcement.textContent = text;
  };
  const photos = new Photos((file) => decodePhoto(file, texts.maxSentPixels));
  const sender = new PhotoSender(photos, {
    url: `${form.action}?part=result`,
    maxBytes: texts.maxBytes,
    wantsShrink: () => shrink.checked,
    onReply: (photo, html) => placeReply(html, cardOf(photo), { texts, announce }),
    onTrouble: (photo, trouble) => placeProblem(cardOf(photo), problemPart('note', texts[trouble])),
  });
  const teller = new OutcomeTeller(photos, texts, announce);

  photos.listen({
    added(photo) {
      const card = new PhotoCard(photo, texts, act);
      cards.set(photo, card);
      list.append(card.element);
      showForm();
    },
    changed(photo, before) {
      const card = cardOf(photo);
      card.show();
      teller.changed(card, before);
      showForm();
    },
    removed(photo) {
      const card = cardOf(photo);
      const neighbour = card.element.nextElementSibling ?? card.element.previousElementSibling;
      card.release();
      cards.delete(photo);
      [...cards.values()].find(({ element }) => element === neighbour)?.focusButton();
      showForm();
    },
  });
  showComparison(section, photos, texts);
  enhanceHistory(photos, texts, announce);

  const sources = {
    onPhotos: add,
    onDragging(isOver: boolean) {
      form.classList.toggle('dragging', isOver);
      announce(isOver ? texts.dropHere : '');
    },
    onSample(file: File) {
      const [photo] = add([file]);
      if (photo) send([photo]);
    },
    onSampleLost: () => showProblem(texts.sampleLost),
  };
  form.classList.add('enhanced');
  listenToInputs(form, sources);
  listenToPaste(sources);
  listenToDrops(sources);
  listenToSamples(sources);
  for (const element of document.querySelectorAll<HTMLElement>('[data-needs-script]')) element.hidden = false;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const ready = photos.all.filter(({ state }) => state.kind === 'ready');
    if (ready.length > 0) send(ready);
    else if (!photos.all.some(({ state }) => isUnderWay(state))) showProblem(texts.nothingChosen);
  });
  findButton(section, 'remove-all').addEventListener('click', () => {
    for (const photo of [...photos.all]) photos.remove(photo);
    announce(texts.removed);
    input.focus();
  });

  /** Adds as many as there is room for; gives those. */
  function add(files: readonly File[]): readonly Photo[] {
    clearProblem();
    const room = Math.max(0, texts.maxPhotos - photos.all.length);
    const added = files.slice(0, room).map((file) => photos.add(file));
    const left = files.length - added.length;
    if (added.length > 0) {
      announce(added.length === 1 ? texts.chosen : fill(texts.chosenSeveral, { count: added.length }));
    }
    if (left > 0) {
      const detail = fill(texts.tooMany.detail, { limit: texts.maxPhotos, left });
      showProblem({ title: texts.tooMany.title, detail });
    }
    return added;
  }

  function send(chosen: readonly Photo[]): void {
    clearProblem();
    teller.expectFirst();
    for (const photo of chosen) sender.send(photo);
  }

  function act(action: CardAction, photo: Photo): void {
    if (action === 'retry') send([photo]);
    else if (action === 'cancel') sender.cancel(photo);
    else {
      photos.remove(photo);
      announce(texts.removed);
      if (action === 'choose-another' || photos.all.length === 0) input.focus();
      if (action === 'choose-another') input.click();
    }
  }

  function showForm(): void {
    const ready = photos.all.filter(({ state }) => state.kind === 'ready').length;
    submit.textContent = ready > 1 ? fill(texts.submitSeveral, { count: ready }) : submitText;
    setHidden(section, photos.all.length === 0);
    form.classList.toggle('has-photos', photos.all.length > 0);
    const isLeavingALoss = photos.all.some(({ state }) => isOnTheWire(state));
    if (isLeavingALoss) addEventListener('beforeunload', askBeforeLeaving);
    else removeEventListener('beforeunload', askBeforeLeaving);
  }

  function showProblem(problem: BrowserProblem): void {
    const part = problemPart('problem', problem);
    problemSlot.replaceChildren(part);
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', `${part.id} ${hint}`);
    document.title = fill(texts.problemTitle, { title: problem.title });
    part.focus();
  }

  function clearProblem(): void {
    problemSlot.replaceChildren();
    input.removeAttribute('aria-invalid');
    input.setAttribute('aria-describedby', hint);
  }

  /** Every photo has its card from being added to being removed. */
  function cardOf(photo: Photo): PhotoCard {
    const card = cards.get(photo);
    if (!card) throw new Error(`photo ${photo.id} has no card`);
    return card;
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
