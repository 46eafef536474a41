// Whether a score of 90 % is right nine times out of ten.
import { CalibrationFigures, EvaluationReport } from '@app/contracts/learning';
import { count, decimal, percent, points } from './number-texts';
import { Details, Table } from './parts';
import { coordinate, Domain, Plot } from './plot';

export function Calibration({ report: { model, quality } }: { report: EvaluationReport }) {
  const { beforeCalibration: before, afterCalibration: after } = quality;
  const least = Math.min(...[...before.bins, ...after.bins].map((bin) => Math.min(bin.confidence, bin.accuracy)));
  const domain: Domain = [Math.min(0.9, Math.floor(least * 10) / 10), 1];
  return (
    <>
      <div class="pair">
        <ReliabilityDiagram id="before" title="Before calibration" figures={before} domain={domain} />
        <ReliabilityDiagram id="after" title="After calibration" figures={after} domain={domain} />
      </div>
      <Table
        caption={`All three are better when lower (temperature ${decimal(model.temperature)})`}
        columns={['Figure', 'Before', 'After']}
      >
        <tr>
          <th scope="row">Calibration error (ECE)</th>
          <td>{points(before.ece)}</td>
          <td>{points(after.ece)}</td>
        </tr>
        <tr>
          <th scope="row">Log loss</th>
          <td>{decimal(before.logLoss)}</td>
          <td>{decimal(after.logLoss)}</td>
        </tr>
        <tr>
          <th scope="row">Brier score</th>
          <td>{decimal(before.brier)}</td>
          <td>{decimal(after.brier)}</td>
        </tr>
      </Table>
      <Details summary="The points in numbers">
        <div class="pair">
          <BinTable caption="Before calibration" figures={before} />
          <BinTable caption="After calibration" figures={after} />
        </div>
      </Details>
    </>
  );
}

interface DiagramProps {
  readonly id: string;
  readonly title: string;
  readonly figures: CalibrationFigures;
  readonly domain: Domain;
}

const LARGEST_RADIUS = 6;

function ReliabilityDiagram({ id, title, figures, domain }: DiagramProps) {
  const most = Math.max(...figures.bins.map((bin) => bin.count));
  const [low, high] = domain;
  return (
    <figure>
      <h3>{title}</h3>
      <Plot
        id={`reliability-${id}`}
        title={`Reliability ${title.toLowerCase()}`}
        description={`${count(figures.bins.length)} groups of images by confidence, each with its mean score and the share that is right; they are ${points(figures.ece)} apart on average.`}
        xLabel="mean score"
        yLabel="share that is right"
        xDomain={domain}
        yDomain={domain}
      >
        {({ x, y }) => (
          <>
            <line class="ideal" x1={x(low)} y1={y(low)} x2={x(high)} y2={y(high)} />
            {figures.bins.map((bin, index) => {
              const [left, top] = [coordinate(x(bin.confidence)), coordinate(y(bin.accuracy))];
              return (
                <g key={index}>
                  <line class="gap" x1={left} x2={left} y1={coordinate(y(bin.confidence))} y2={top} />
                  <circle class="bin" cx={left} cy={top} r={coordinate(LARGEST_RADIUS * Math.sqrt(bin.count / most))} />
                </g>
              );
            })}
          </>
        )}
      </Plot>
      <figcaption>ECE {points(figures.ece)}</figcaption>
    </figure>
  );
}

function BinTable({ caption, figures }: { caption: string; figures: CalibrationFigures }) {
  return (
    <Table caption={caption} columns={['Group', 'Images', 'Mean score', 'Right']}>
      {figures.bins.map((bin, index) => (
        <tr key={index}>
          <th scope="row">{index + 1}</th>
          <td>{count(bin.count)}</td>
          <td>{percent(bin.confidence)}</td>
          <td>{percent(bin.accuracy)}</td>
        </tr>
      ))}
    </Table>
  );
}
