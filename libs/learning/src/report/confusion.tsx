// Which classes are taken for which. Few classes: the whole matrix with its numbers; many: a picture of it and the worst pairs.
import { EvaluationReport } from '@app/contracts/learning';
import { ConfusedClasses, confusedPairs } from '../metrics';
import { count, percent } from './number-texts';
import { MOST_HEAT } from './palette';
import { Details, Name, Table } from './parts';

/** Of columns with numbers that a page can hold. */
const MOST_MATRIX_CLASSES = 20;
/** Of columns with names that a phone can hold. */
const MOST_NAMED_COLUMNS = 4;
const SHOWN_ROWS = 10;

type Labels = EvaluationReport['model']['labels'];

export function Confusion({ report: { model, quality } }: { report: EvaluationReport }) {
  const isSmall = model.labels.length <= MOST_MATRIX_CLASSES;
  const pairs = confusedPairs(quality.confusion);
  return (
    <>
      {isSmall ? (
        <Matrix labels={model.labels} confusion={quality.confusion} />
      ) : (
        <HeatGrid labels={model.labels} confusion={quality.confusion} pairs={pairs} />
      )}
      {model.labels.length > MOST_NAMED_COLUMNS && pairs.length > 0 && (
        <Table
          caption={`The most frequent of ${count(pairs.length)} kinds of mistake`}
          columns={['Is', 'Called', 'Images', 'Of its class']}
          kind="pairs"
        >
          {pairs.slice(0, SHOWN_ROWS).map(({ actual, predicted, images, share }) => (
            <tr key={`${actual} ${predicted}`}>
              <th scope="row">
                <Name>{model.labels[actual]?.name ?? ''}</Name>
              </th>
              <td class="text">
                <Name>{model.labels[predicted]?.name ?? ''}</Name>
              </td>
              <td>{count(images)}</td>
              <td>{percent(share)}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

interface MatrixProps {
  readonly labels: Labels;
  readonly confusion: EvaluationReport['quality']['confusion'];
}

function Matrix({ labels, confusion }: MatrixProps) {
  const hasNames = labels.length <= MOST_NAMED_COLUMNS;
  return (
    <>
      <p id="matrix-caption" class="caption">
        Rows: what the image is. Columns: what the model called it.
      </p>
      <div class="scroll" role="region" aria-labelledby="matrix-caption" tabIndex={hasNames ? undefined : 0}>
        <table class={`matrix ${hasNames ? '' : 'numbered'}`} aria-labelledby="matrix-caption">
          <thead>
            <tr>
              <th scope="col">Is</th>
              {labels.map(({ id, name }, index) => (
                <th key={id} scope="col">
                  {hasNames ? (
                    <Name>{name}</Name>
                  ) : (
                    <>
                      {index + 1}
                      <span class="visually-hidden">
                        {' '}
                        <Name>{name}</Name>
                      </span>
                    </>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map(({ id, name }, row) => (
              <tr key={id}>
                <th scope="row">
                  {!hasNames && `${row + 1} `}
                  <Name>{name}</Name>
                </th>
                {labels.map((column, at) => (
                  <MatrixCell
                    key={column.id}
                    images={confusion[row]?.[at] ?? 0}
                    row={confusion[row]}
                    isRight={row === at}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface MatrixCellProps {
  readonly images: number;
  readonly row: readonly number[] | undefined;
  readonly isRight: boolean;
}

function MatrixCell({ images, row = [], isRight }: MatrixCellProps) {
  const heat = images === 0 ? 0 : heatOf(images / row.reduce((sum, value) => sum + value, 0));
  return (
    <td
      class={`${isRight ? 'right' : 'wrong'} ${images === 0 ? 'none' : ''}`}
      style={`--heat:${(heat * MOST_HEAT * 100).toFixed(0)}%`}
    >
      {count(images)}
    </td>
  );
}

/** The cube root, so that the few images of a rare mistake are seen too. */
function heatOf(share: number): number {
  return Math.cbrt(share);
}

/** Bounds the page: shares too small for it are not drawn, and no row can hold more than 1 / share of larger ones. */
const MOST_GRID_CELLS = 20_000;
const LEAST_GRID_SHARE = 0.01;
const HEAT_LEVELS = 5;

/** All classes against all, without names: dark spots off the diagonal are classes that are mixed up. One path for each level of heat. */
function HeatGrid({ labels, confusion, pairs }: MatrixProps & { pairs: readonly ConfusedClasses[] }) {
  const side = labels.length;
  const leastShare = Math.max(LEAST_GRID_SHARE, side / MOST_GRID_CELLS);
  const paths = { right: new Array<string>(HEAT_LEVELS).fill(''), wrong: new Array<string>(HEAT_LEVELS).fill('') };
  confusion.forEach((row, actual) => {
    const total = row.reduce((sum, images) => sum + images, 0);
    row.forEach((images, predicted) => {
      const share = images / total;
      if (!(share >= leastShare)) return; // nor the NaN of a class without images
      const level = Math.min(HEAT_LEVELS - 1, Math.floor(heatOf(share) * HEAT_LEVELS));
      const levels = actual === predicted ? paths.right : paths.wrong;
      levels[level] = `${levels[level] ?? ''}M${predicted} ${actual}h1`;
    });
  });
  const worst = pairs[0];
  return (
    <figure class="heat-grid">
      <svg viewBox={`-1 -1 ${side + 2} ${side + 2}`} role="img" aria-labelledby="grid-title grid-description">
        <title id="grid-title">Confusion matrix of {count(side)} classes</title>
        <desc id="grid-description">
          A row for each class and a column for each answer, in the order of the labels. The diagonal holds the right
          answers.
          {worst !== undefined &&
            ` The most frequent mistake: ${labels[worst.actual]?.name ?? ''} called ${labels[worst.predicted]?.name ?? ''}.`}
        </desc>
        <rect x={-0.5} y={-0.5} width={side + 1} height={side + 1} />
        <g transform="translate(0 .5)">
          {(['wrong', 'right'] as const).flatMap((kind) =>
            paths[kind].map(
              (d, level) =>
                d !== '' && (
                  <path key={`${kind}${level}`} class={kind} stroke-opacity={(level + 1) / HEAT_LEVELS} d={d} />
                ),
            ),
          )}
        </g>
      </svg>
      <figcaption>
        Rows: what the image is. Columns: what the model called it. In the order of the labels; shares of a class below{' '}
        {percent(leastShare)} are not drawn.
      </figcaption>
    </figure>
  );
}

/** Precision, recall and F1 of every class, the worst first. */
export function Classes({ report: { quality } }: { report: EvaluationReport }) {
  const sorted = quality.perClass.toSorted((a, b) => a.f1 - b.f1 || a.recall - b.recall);
  const isSmall = sorted.length <= MOST_MATRIX_CLASSES;
  return (
    <>
      <ClassTable
        caption={
          isSmall ? 'All classes, the worst first' : `The worst ${SHOWN_ROWS} of ${count(sorted.length)} classes`
        }
        classes={isSmall ? sorted : sorted.slice(0, SHOWN_ROWS)}
      />
      {!isSmall && (
        <Details summary={`All ${count(sorted.length)} classes`}>
          <ClassTable caption="All classes, the worst first" classes={sorted} />
        </Details>
      )}
    </>
  );
}

function ClassTable({ caption, classes }: { caption: string; classes: EvaluationReport['quality']['perClass'] }) {
  return (
    <Table caption={caption} columns={['Class', 'Images', 'Precision', 'Recall', 'F1']}>
      {classes.map(({ label, name, images, precision, recall, f1 }) => (
        <tr key={label}>
          <th scope="row">
            <Name>{name}</Name>
          </th>
          <td>{count(images)}</td>
          <td>{percent(precision)}</td>
          <td>{percent(recall)}</td>
          <td>{percent(f1)}</td>
        </tr>
      ))}
    </Table>
  );
}
