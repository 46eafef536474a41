import { IMAGE_FORMAT_NAMES, IMAGE_FORMATS, IMAGE_MEDIA_TYPES, MAX_IMAGE_BYTES, ProblemError } from '@app/contracts';
import { ClassificationResponse, LabelResponse, ModelResponse } from '@app/contracts/classification';
import { BrowserTexts } from '../browser-texts';
import { problemTexts, Texts } from '../texts';
import { Layout } from './layout';
import { ProblemSummary, ProblemSummaryProps } from './problem';
import { Result, resultHeading } from './result';

interface UploadPageProps {
  readonly texts: Texts;
  /** Absent when the model cannot be asked. */
  readonly model?: ModelResponse | undefined;
  /** Whether there is none: nobody has deployed one yet. */
  readonly isModelMissing?: boolean;
  /** The answer to the photo that was just sent, for browsers without scripts. */
  readonly classification?: ClassificationResponse;
  /** All that the model knows, for feedback to that answer. */
  readonly labels?: readonly LabelResponse[];
  /** Why the photo that was just sent has no answer, likewise. */
  readonly problem?: ProblemSummaryProps;
}

/** The start page, and what the form leads to when there is no script: the answer or the problem, then the form again. */
export function UploadPage({ texts, model, isModelMissing, classification, labels = [], problem }: UploadPageProps) {
  const { upload } = texts;
  const title = classification
    ? resultHeading(texts, classification)
    : problem
      ? texts.problem.titlePrefix(problem.title)
      : upload.heading;
  return (
    <Layout texts={texts} title={title} current="photo" scripts={['upload.js']}>
      {classification && <Result texts={texts} classification={classification} labels={labels} headingLevel={1} />}
      <div data-slot="problem">{problem && <ProblemSummary {...problem} fieldId="image" />}</div>
      {classification ? (
        <h2 class="form-heading">{upload.headingAgain}</h2>
      ) : (
        <>
          <h1>{upload.heading}</h1>
          <p class="lead">
            {upload.lead} <ModelSummary texts={texts} model={model} /> {upload.notKept}
          </p>
        </>
      )}
      {isModelMissing && <ModelMissing texts={texts} />}
      <UploadForm texts={texts} describedBy={problem ? 'problem' : undefined} />
      <div data-slot="result" />
      <template data-template="problem">
        <ProblemSummary texts={texts} title="" detail="" fieldId="image" />
      </template>
    </Layout>
  );
}

function ModelMissing({ texts }: { texts: Texts }) {
  const { title, detail } = problemTexts(texts, new ProblemError('model-missing', { retryAfterSeconds: 60 }));
  return (
    <p class="lead">
      <strong>{title}.</strong> {detail}
    </p>
  );
}

function ModelSummary({ texts, model }: { texts: Texts; model: ModelResponse | undefined }) {
  if (model === undefined || model.labels.length === 0) return null;
  const { before, link, after } = texts.upload.knows(model.name, model.labels.length);
  return (
    <>
      {before}
      <a href="/model">{link}</a>
      {after}
    </>
  );
}

function UploadForm({ texts, describedBy }: { texts: Texts; describedBy: string | undefined }) {
  const { upload } = texts;
  const formats = IMAGE_FORMATS.map((format) => IMAGE_FORMAT_NAMES[format]);
  return (
    <form
      class="upload card"
      method="post"
      encType="multipart/form-data"
      action="/classify"
      data-texts={JSON.stringify(browserTexts(texts))}
    >
      <div class="drop-zone" data-part="drop-zone">
        <div class="preview" data-part="preview" hidden>
          <img alt={upload.previewAlt} />
        </div>
        <svg class="picture" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
          <rect x="5" y="9" width="38" height="30" rx="5" />
          <circle cx="16" cy="19" r="3.5" />
          <path d="m8 34 9-8 6 5 9-10 9 10" />
        </svg>
        <label for="image">{upload.field}</label>
        <p class="hint" id="image-hint">
          {upload.hint(formats, MAX_IMAGE_BYTES)}{' '}
          <span class="own-line" data-needs-script hidden>
            {upload.hintWithScript}
          </span>
        </p>
        <input
          id="image"
          name="image"
          type="file"
          required
          accept={IMAGE_FORMATS.map((format) => IMAGE_MEDIA_TYPES[format]).join(',')}
          aria-describedby={describedBy ? `${describedBy} image-hint` : 'image-hint'}
          aria-invalid={describedBy ? 'true' : undefined}
        />
      </div>
      <label class="choice">
        <input type="checkbox" name="heatmap" value="true" />
        {upload.heatmap}
      </label>
      <div class="actions">
        <button type="submit" class="button">
          {upload.submit}
        </button>
        <button type="button" class="button secondary" data-part="cancel" hidden>
          {upload.cancel}
        </button>
      </div>
      <div class="progress" data-part="progress" hidden>
        <progress max={1} aria-label={upload.progress} />
        <span data-part="stage" />
      </div>
      <p class="visually-hidden" role="status" data-part="announcement" />
    </form>
  );
}

function browserTexts(texts: Texts): BrowserTexts {
  const { browser, title, problem } = texts;
  return {
    ...browser,
    resultTitle: title('{title}'),
    problemTitle: title(problem.titlePrefix('{title}')),
    maxBytes: MAX_IMAGE_BYTES,
    tooLarge: problemTexts(texts, new ProblemError('image-too-large', { limitBytes: MAX_IMAGE_BYTES })),
    empty: problemTexts(texts, new ProblemError('image-empty', {})),
  };
}
