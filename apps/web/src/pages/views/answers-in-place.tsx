import { Texts } from '../texts';
import { Comparison, ComparisonRow } from './comparison';
import { ProblemNote, ProblemSummary } from './problem';

/** Where the script puts photos and answers, and the markup that it makes copies of. Nothing of it shows without the script. */
export function AnswersInPlace({ texts }: { texts: Texts }) {
  const { uploadPage } = texts;
  return (
    <>
      <section class="photos-part" data-part="photos" aria-labelledby="photos-heading" hidden>
        <div class="part-heading">
          <h2 id="photos-heading">{uploadPage.photos}</h2>
          <button type="button" class="link-button" data-action="remove-all">
            {uploadPage.removeAll}
          </button>
        </div>
        <Comparison texts={texts} headingLevel={3} headingId="comparison-heading" withDownload isHidden />
        <ol class="photos" data-part="photo-list" />
      </section>
      <template data-template="photo">
        <PhotoCard texts={texts} />
      </template>
      <template data-template="row">
        <ComparisonRow name="" answer="" certainty="" />
      </template>
      <template data-template="problem">
        <ProblemSummary texts={texts} title="" detail="" fieldId="image" />
      </template>
      <template data-template="note">
        <ProblemNote texts={texts} title="" detail="" headingLevel={3} />
      </template>
    </>
  );
}

/** One photo: what it is, how far it is, its answer or its problem, and what can be done. */
function PhotoCard({ texts }: { texts: Texts }) {
  const { card } = texts.uploadPage;
  return (
    <li class="photo card" data-part="photo">
      <div class="photo-frame">
        <div class="preview" data-part="preview" hidden>
          <img alt="" />
        </div>
      </div>
      <div class="photo-words">
        <p class="photo-name" data-part="name" />
        <p class="hint" data-part="size" />
        <div class="progress" data-part="progress">
          <progress max={1} aria-label={card.progress} hidden />
          <span data-part="stage" />
        </div>
        <div data-slot="outcome" />
        <div class="photo-actions">
          <CardButton action="cancel" text={card.cancel} />
          <CardButton action="retry" text={card.retry} />
          <CardButton action="choose-another" text={card.chooseAnother} />
          <CardButton action="remove" text={card.remove} />
        </div>
      </div>
    </li>
  );
}

/** The script fills in which photo it is about, for those who cannot see where the button is. */
function CardButton({ action, text }: { action: string; text: string }) {
  return (
    <button type="button" class="link-button" data-action={action} hidden={action !== 'remove'}>
      {text}
      <span class="visually-hidden" data-part="of" />
    </button>
  );
}
