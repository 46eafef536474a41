// The mistakes that the model was surest of, to look at.
import { EvaluationReport } from '@app/contracts/learning';
import { count, counted, percent } from './number-texts';
import { Name } from './parts';
import { rightImages } from './readings';

export interface Mistake {
  readonly path: string;
  /** Label ids: what the image is, and what it was called. */
  readonly label: string;
  readonly predicted: string;
  /** Of the predicted label. */
  readonly score: number;
  /** A small picture of it, and what kind of file that is. */
  readonly image: Uint8Array;
  readonly mediaType: string;
}

interface MistakesProps {
  readonly report: EvaluationReport;
  readonly mistakes: readonly Mistake[];
}

export function Mistakes({ report: { model, test, quality }, mistakes }: MistakesProps) {
  const names = new Map(model.labels.map(({ id, name }) => [id, name]));
  const wrong = test.images - rightImages(quality);
  if (wrong === 0) return <p>None of the {counted(test.images, 'test image')} was called something else.</p>;
  return (
    <>
      <p>
        {wrong === 1 ? '1 image was' : `${count(wrong)} images were`} called something else
        {mistakes.length < wrong &&
          mistakes.length > 0 &&
          (mistakes.length === 1 ? '; here is the worst' : `; here are the ${count(mistakes.length)} worst`)}
        .
      </p>
      {mistakes.length > 0 && (
        <ul class="mistakes">
          {mistakes.map(({ path, label, predicted, score, image, mediaType }) => (
            <li key={path}>
              <img src={`data:${mediaType};base64,${Buffer.from(image).toString('base64')}`} alt="" />
              <p>
                is{' '}
                <strong>
                  <Name>{names.get(label) ?? label}</Name>
                </strong>
                , was called{' '}
                <strong>
                  <Name>{names.get(predicted) ?? predicted}</Name>
                </strong>
                , {percent(score)}
              </p>
              <p class="path">
                <Name>{path}</Name>
              </p>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
