import { ConfusedPairResponse, ModelEvaluationResponse, ModelResponse } from '@app/contracts/classification';
import { Texts } from '../texts';
import { FigureTable } from './charts';

/** With more labels the matrix is too wide for most screens, and the pairs say it shorter: both are shown. */
const MOST_LABELS_WITHOUT_PAIRS = 4;
const SHOWN_PAIRS = 10;
/** From this share of a label's images on, a mistake is marked. */
const OFTEN = 0.1;

interface ConfusionProps {
  readonly texts: Texts;
  readonly labels: ModelResponse['labels'];
  readonly evaluation: ModelEvaluationResponse;
}

/** Which labels are taken for which: the whole matrix where the package has it, and the most frequent pairs. */
export function Confusion({ texts, labels, evaluation }: ConfusionProps) {
  const { confusion, confusedPairs, images } = evaluation;
  const hasMatrix = confusion?.length === labels.length;
  const needsPairs = !hasMatrix || labels.length > MOST_LABELS_WITHOUT_PAIRS;
  return (
    <>
      {confusedPairs.length === 0 && <p>{texts.model.noMistakes(images)}</p>}
      {hasMatrix && <Matrix texts={texts} labels={labels} confusion={confusion} />}
      {needsPairs && confusedPairs.length > 0 && <Pairs texts={texts} labels={labels} pairs={confusedPairs} />}
    </>
  );
}

interface MatrixProps extends Omit<ConfusionProps, 'evaluation'> {
  readonly confusion: NonNullable<ModelEvaluationResponse['confusion']>;
}

function Matrix({ texts, labels, confusion }: MatrixProps) {
  const { matrix, number } = texts.model;
  return (
    <div class="card">
      <h3 id="matrix">{matrix.title}</h3>
      <p class="hint">{matrix.lead}</p>
      <div class="table-frame" tabIndex={0} role="region" aria-labelledby="matrix">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">{matrix.corner}</th>
              {labels.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map(({ id, name }, row) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                {(confusion[row] ?? []).map((images, column) => (
                  <td key={column} class={kindOf(images, confusion[row] ?? [], row === column)}>
                    {number(images)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function kindOf(images: number, row: readonly number[], isRight: boolean): 'right' | 'none' | 'often' | undefined {
  if (isRight) return 'right';
  if (images === 0) return 'none';
  return images / row.reduce((sum, each) => sum + each, 0) >= OFTEN ? 'often' : undefined;
}

interface PairsProps extends Omit<ConfusionProps, 'evaluation'> {
  readonly pairs: readonly ConfusedPairResponse[];
}

function Pairs({ texts, labels, pairs }: PairsProps) {
  const { pairs: t, number, exactPercent } = texts.model;
  const names = new Map(labels.map(({ id, name }) => [id, name]));
  const columns = [t.columns.actual, t.columns.predicted, t.columns.images, t.columns.share];
  const rows = pairs.map(({ actual, predicted, images, share }) => [
    names.get(actual) ?? actual,
    names.get(predicted) ?? predicted,
    number(images),
    exactPercent(share),
  ]);
  return (
    <div class="card">
      <h3 id="pairs">{t.title(Math.min(SHOWN_PAIRS, rows.length))}</h3>
      <FigureTable labelledBy="pairs" columns={columns} rows={rows.slice(0, SHOWN_PAIRS)} />
      {rows.length > SHOWN_PAIRS && (
        <details>
          <summary id="more-pairs">{t.more}</summary>
          <FigureTable labelledBy="more-pairs" columns={columns} rows={rows.slice(SHOWN_PAIRS)} />
        </details>
      )}
    </div>
  );
}
