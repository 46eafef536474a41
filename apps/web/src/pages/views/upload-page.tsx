import { ProblemError } from '@app/contracts';
import { ClassificationResponse, LabelResponse, ModelResponse } from '@app/contracts/classification';
import { problemTexts, Texts } from '../texts';
import { AnswersInPlace } from './answers-in-place';
import { History } from './history';
import { Layout } from './layout';
import { ProblemSummary, ProblemSummaryProps } from './problem';
import { Result, resultHeading } from './result';
import { Samples } from './samples';
import { UploadForm } from './upload-form';

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
      <AnswersInPlace texts={texts} />
      <Samples texts={texts} />
      <History texts={texts} />
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
