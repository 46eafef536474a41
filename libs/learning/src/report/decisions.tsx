// When the model keeps quiet: on images it finds hard, and on images of nothing it knows.
import { EvaluationReport } from '@app/contracts/learning';
import { counted, decimal, percent } from './number-texts';
import { Details, Name, Table } from './parts';
import { coordinate, Plot, roundedUp } from './plot';

type Decisions = EvaluationReport['quality']['decisions'];

const DECISIONS = [
  ['label', 'Named'],
  ['uncertain', 'Uncertain'],
  ['unknown', 'Unknown'],
] as const;

/** Of the first few images the risk is 0 or 1 by luck: the plot's height does not follow it. */
const LEAST_COVERAGE = 0.05;
const TABLE_COVERAGES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1];

export function Coverage({ report: { model, quality } }: { report: EvaluationReport }) {
  const { riskCoverage, decisions, selectiveAccuracy } = quality;
  const wrong = 1 - selectiveAccuracy;
  const risks = riskCoverage.filter(({ coverage }) => coverage >= LEAST_COVERAGE).map(({ risk }) => risk);
  const highest = roundedUp(Math.max(...risks, wrong, 0.01));
  return (
    <>
      <div class="pair">
        <figure>
          <Plot
            id="risk-coverage"
            title="Share of wrong answers by share of images answered"
            description={`Answering every image, ${percent(1 - quality.accuracy)} of the answers are wrong. With the thresholds of this model, ${percent(decisions.label)} of the images are answered and ${percent(wrong)} of the answers are wrong.`}
            xLabel="images that are answered"
            yLabel="answers that are wrong"
            xDomain={[0, 1]}
            yDomain={[0, highest]}
          >
            {({ x, y }) => {
              const [left, top] = [coordinate(x(decisions.label)), coordinate(y(wrong))];
              return (
                <>
                  <path
                    class="curve"
                    d={`M${riskCoverage.map(({ coverage, risk }) => `${coordinate(x(coverage))} ${coordinate(y(risk))}`).join('L')}`}
                  />
                  <path class="guide" d={`M${coordinate(x(0))} ${top}H${left}V${coordinate(y(0))}`} />
                  <path class="operating-point" d={`M${left} ${top - 7}l7 7-7 7-7-7z`} />
                </>
              );
            }}
          </Plot>
          <figcaption>
            <svg class="key" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
              <path class="operating-point" d="M7 0l7 7-7 7-7-7z" />
            </svg>{' '}
            where this model works: a top score of at least {percent(model.thresholds.uncertain)}
          </figcaption>
        </figure>
        <div>
          <h3>
            What happens to{' '}
            {counted(Math.round(quality.confusion.flat().reduce((sum, value) => sum + value, 0)), 'test image')}
          </h3>
          <DecisionBar decisions={decisions} />
          <dl class="decisions">
            {DECISIONS.map(([decision, name]) => (
              <div key={decision}>
                <dt>
                  <Swatch decision={decision} /> {name}
                </dt>
                <dd>{percent(decisions[decision])}</dd>
              </div>
            ))}
          </dl>
          <p>
            Of the named ones <strong>{percent(selectiveAccuracy)}</strong> are right; were all of them named, it would
            be {percent(quality.accuracy)}. Area under the curve: {decimal(quality.aurc)}.
          </p>
        </div>
      </div>
      <Details summary="The curve in numbers">
        <Table caption="When the surest are answered first" columns={['Answered', 'Wrong', 'Lowest score']}>
          {TABLE_COVERAGES.map((share) => {
            const point = riskCoverage.find(({ coverage }) => coverage >= share - 1e-9) ?? riskCoverage.at(-1);
            return (
              point && (
                <tr key={share}>
                  <th scope="row">{percent(point.coverage)}</th>
                  <td>{percent(point.risk)}</td>
                  <td>{percent(point.threshold)}</td>
                </tr>
              )
            );
          })}
        </Table>
      </Details>
    </>
  );
}

export function OutOfSet({ report: { model, outOfSet } }: { report: EvaluationReport }) {
  if (outOfSet.length === 0) return <p>No images of other things were tested.</p>;
  return (
    <>
      {model.thresholds.unknown === undefined && (
        <p>This model has no threshold for unknown images: it can only be uncertain of them.</p>
      )}
      <div aria-hidden="true">
        <ul class="bars">
          {outOfSet.map(({ name, decisions }) => (
            <li key={name}>
              <Name>{name}</Name>
              <DecisionBar decisions={decisions} />
            </li>
          ))}
        </ul>
        <ul class="legend">
          {DECISIONS.map(([decision, name]) => (
            <li key={decision}>
              <Swatch decision={decision} /> {name}
            </li>
          ))}
        </ul>
      </div>
      <Table
        caption="Images of nothing the model knows"
        columns={['Images of', ...DECISIONS.map(([, name]) => name), 'AUROC']}
      >
        {outOfSet.map(({ name, images, decisions, auroc }) => (
          <tr key={name}>
            <th scope="row">
              <Name>{name}</Name> <span class="aside">{counted(images, 'image')}</span>
            </th>
            {DECISIONS.map(([decision]) => (
              <td key={decision}>{percent(decisions[decision])}</td>
            ))}
            <td>{decimal(auroc)}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

/** Beside it stand the same shares in figures, so it is hidden from those who do not see it. */
function DecisionBar({ decisions }: { decisions: Decisions }) {
  let start = 0;
  return (
    <svg class="decision-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {DECISIONS.map(([decision]) => {
        const width = decisions[decision] * 100;
        const x = start;
        start += width;
        return (
          width > 0 && <rect key={decision} class={decision} x={x.toFixed(2)} width={width.toFixed(2)} height="10" />
        );
      })}
    </svg>
  );
}

function Swatch({ decision }: { decision: keyof Decisions }) {
  return (
    <svg class="decision-bar swatch" viewBox="0 0 10 10" width="14" height="14" aria-hidden="true">
      <rect class={decision} width="10" height="10" />
    </svg>
  );
}
