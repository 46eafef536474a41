import { IMAGE_FORMATS, IMAGE_MEDIA_TYPES } from '@app/contracts';
import { ClassificationResponse, FeedbackOffer, FeedbackResponse, LabelResponse } from '@app/contracts/classification';
import { OTHER_LABEL } from '@app/contracts/feedback';
import { ComponentChildren } from 'preact';
import { Texts } from '../texts';
import { Layout } from './layout';

interface FeedbackFormProps {
  readonly texts: Texts;
  readonly classification: ClassificationResponse;
  readonly offer: FeedbackOffer;
  /** All that the model knows; empty when it does not tell. */
  readonly labels: readonly LabelResponse[];
}

/** Asks whether the answer was right. It works by itself; the script sends it in place, with the photo that the page still has. */
export function FeedbackForm({ texts, classification, offer, labels }: FeedbackFormProps) {
  const { feedback } = texts;
  const { id } = classification;
  return (
    <div class="feedback" data-slot="feedback">
      <form class="card" method="post" encType="multipart/form-data" action={`/feedback/${id}`}>
        <input type="hidden" name="token" value={offer.token} />
        <fieldset>
          <legend>{feedback.question}</legend>
          <label class="choice">
            <input type="radio" name="right" value="true" required />
            {feedback.yes}
          </label>
          <label class="choice">
            <input type="radio" name="right" value="false" required />
            {feedback.no}
          </label>
        </fieldset>
        <div class="when-wrong">
          <label for={`feedback-label-${id}`}>{feedback.label}</label>
          <LabelChoice texts={texts} classification={classification} labels={labels} />
        </div>
        <div class="when-said">
          <label class="choice">
            <input type="checkbox" name="consent" value="true" aria-describedby={`consent-hint-${id}`} />
            {feedback.consent}
          </label>
          <p class="hint consent-hint" id={`consent-hint-${id}`}>
            {feedback.consentMeans}
          </p>
          <div class="when-kept" data-part="photo-again">
            <label for={`feedback-photo-${id}`}>{feedback.photo}</label>
            <input
              id={`feedback-photo-${id}`}
              name="image"
              type="file"
              accept={IMAGE_FORMATS.map((format) => IMAGE_MEDIA_TYPES[format]).join(',')}
              aria-describedby={`feedback-photo-hint-${id}`}
            />
            <p class="hint" id={`feedback-photo-hint-${id}`}>
              {feedback.photoHint}
            </p>
          </div>
          <button type="submit" class="button secondary">
            {feedback.submit}
          </button>
        </div>
      </form>
    </div>
  );
}

/** What it may be: the guesses first, of which the answer itself was wrong, then all other labels by name. */
function LabelChoice({ texts, classification, labels }: Omit<FeedbackFormProps, 'offer'>) {
  const { feedback, language, uploadPage } = texts;
  const guesses = classification.predictions.filter(({ label }) => label !== classification.label);
  const mentioned = new Set(classification.predictions.map(({ label }) => label));
  const others = labels.filter(({ id }) => !mentioned.has(id)).sort((a, b) => a.name.localeCompare(b.name, language));
  return (
    <>
      <div class="label-search" data-part="label-search" hidden>
        <label for={`label-search-${classification.id}`}>{uploadPage.answer.search}</label>
        <input
          id={`label-search-${classification.id}`}
          type="search"
          autocomplete="off"
          placeholder={uploadPage.answer.searchHint}
        />
        <span class="hint" role="status" data-part="matches" />
      </div>
      <select id={`feedback-label-${classification.id}`} name="label">
        <option value="">{feedback.unsaid}</option>
        <option value={OTHER_LABEL}>{feedback.other}</option>
        {guesses.length > 0 && (
          <optgroup label={feedback.guesses}>
            {guesses.map(({ label, name }) => (
              <option key={label} value={label}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        {others.length > 0 && (
          <optgroup label={feedback.known}>
            {others.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </>
  );
}

interface NoteProps {
  readonly texts: Texts;
  /** 1 on a page of its own, 4 in the place of the form. */
  readonly headingLevel: 1 | 4;
}

interface ThanksProps extends NoteProps {
  readonly stored: FeedbackResponse;
  readonly token: string;
}

/** What is kept now, and the way to take it back; it takes the place of the form. */
export function FeedbackThanks({ texts, headingLevel, stored, token }: ThanksProps) {
  const { feedback } = texts;
  return (
    <FeedbackNote
      headingLevel={headingLevel}
      title={feedback.thanks}
      detail={stored.photo ? feedback.keptWithPhoto : feedback.kept}
    >
      <form method="post" encType="multipart/form-data" action={`/feedback/${stored.id}/withdraw`}>
        <input type="hidden" name="token" value={token} />
        <button type="submit" class="link-button">
          {feedback.withdraw}
        </button>
      </form>
    </FeedbackNote>
  );
}

export function FeedbackWithdrawn({ texts, headingLevel }: NoteProps) {
  return (
    <FeedbackNote headingLevel={headingLevel} title={texts.feedback.withdrawn} detail={texts.feedback.nothingKept} />
  );
}

interface FeedbackNoteProps {
  readonly headingLevel: 1 | 4;
  readonly title: string;
  readonly detail: string;
  readonly children?: ComponentChildren;
}

function FeedbackNote({ headingLevel, title, detail, children }: FeedbackNoteProps) {
  const Heading = `h${headingLevel}` as const;
  return (
    <div class="note" data-part="note" role="group" tabIndex={-1} aria-label={title}>
      <Heading class="note-title">{title}</Heading>
      <p>{detail}</p>
      {children}
    </div>
  );
}

/** A note on a page of its own, for browsers without scripts. */
export function FeedbackPage({ texts, title, children }: { texts: Texts; title: string; children: ComponentChildren }) {
  return (
    <Layout texts={texts} title={title}>
      {children}
      <p>
        <a class="button" href="/">
          {texts.feedback.next}
        </a>
      </p>
    </Layout>
  );
}
