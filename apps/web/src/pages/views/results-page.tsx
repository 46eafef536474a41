import { isProblem } from '@app/contracts';
import { LabelResponse } from '@app/contracts/classification';
import { PhotoAnswer } from '../../classification/classification.service';
import { problemTexts, Texts } from '../texts';
import { AnswersInPlace } from './answers-in-place';
import { Comparison, ComparisonRow } from './comparison';
import { History } from './history';
import { Layout } from './layout';
import { ProblemNote } from './problem';
import { answerInWords, Result } from './result';
import { Samples } from './samples';
import { UploadForm } from './upload-form';

interface ResultsPageProps {
  readonly texts: Texts;
  /** In the order of the form. */
  readonly answers: readonly PhotoAnswer[];
  readonly labels: readonly LabelResponse[];
  /** What support finds in the logs. */
  readonly requestId: string;
}

/** What the form leads to with several photos, for browsers without scripts: an answer or a problem for each, then the form again. */
export function ResultsPage({ texts, answers, labels, requestId }: ResultsPageProps) {
  const { results, comparison } = texts.uploadPage;
  const answered = answers.filter(({ answer }) => !isProblem(answer)).length;
  const heading = results.heading(answered, answers.length);
  const named = answers.map(({ filename, answer }, index) => ({
    name: filename ?? comparison.unnamed(index + 1),
    id: `photo-${index + 1}`,
    answer,
  }));
  return (
    <Layout texts={texts} title={heading} current="photo" scripts={['upload.js']}>
      <h1>{heading}</h1>
      <Comparison texts={texts} headingLevel={2} headingId="answers-heading">
        {named.map(({ name, id, answer }) => (
          <ComparisonRow key={id} name={name} href={`#${id}`} {...wordsFor(texts, answer)} />
        ))}
      </Comparison>
      <ol class="photos">
        {named.map(({ name, id, answer }) => (
          <li key={id} id={id} class="photo card">
            <div class="photo-words">
              <p class="photo-name">{name}</p>
              {isProblem(answer) ? (
                <ProblemNote texts={texts} {...problemTexts(texts, answer)} requestId={requestId} headingLevel={2} />
              ) : (
                <Result texts={texts} classification={answer} labels={labels} headingLevel={2} />
              )}
            </div>
          </li>
        ))}
      </ol>
      <h2 class="form-heading">{results.again}</h2>
      <div data-slot="problem" />
      <UploadForm texts={texts} describedBy={undefined} />
      <AnswersInPlace texts={texts} />
      <Samples texts={texts} />
      <History texts={texts} />
    </Layout>
  );
}

function wordsFor(texts: Texts, answer: PhotoAnswer['answer']): { answer: string; certainty: string } {
  return isProblem(answer)
    ? { answer: problemTexts(texts, answer).title, certainty: '–' }
    : answerInWords(texts, answer);
}
