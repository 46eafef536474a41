import { LabelResponse } from '@app/contracts/classification';
import { DriftResponse, MonitoringFiguresResponse, MonitoringResponse, WINDOW_NAMES } from '@app/contracts/monitoring';
import { Texts } from '../texts';
import { Chart, Columns, FigureTable, Line, ShareBar, Table } from './charts';

/** Labels that are shown one by one. */
const MOST_LABELS = 10;

const DECISIONS = ['label', 'uncertain', 'unknown'] as const;

interface MonitoringProps {
  readonly texts: Texts;
  readonly monitoring: MonitoringResponse;
  /** Names for the labels; those without one are shown by their id. */
  readonly labels: readonly LabelResponse[];
}

interface FiguresProps {
  readonly texts: Texts;
  readonly figures: MonitoringFiguresResponse;
}

/** In words whether the photos are what the model knows. Read out when it changes. */
export function MonitoringWords({ texts, monitoring }: Omit<MonitoringProps, 'labels'>) {
  const { state, figures, window } = monitoring;
  if (state !== 'on' || figures === undefined) {
    return <p class="lead">{state === 'off' ? texts.monitoring.off : texts.monitoring.unavailable}</p>;
  }
  const { headline, more } = texts.monitoring.verdict(figures, window);
  return (
    <div class={`verdict verdict-${figures.images === 0 ? 'waiting' : figures.drift.state}`}>
      <p class="kicker">{texts.monitoring.kicker[figures.images === 0 ? 'waiting' : figures.drift.state]}</p>
      <p class="headline">{headline}</p>
      {more.length > 0 && (
        <ul>
          {more.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Links to the same page with another window. */
export function WindowSwitch({ texts, window }: { texts: Texts; window: MonitoringResponse['window'] }) {
  return (
    <nav class="switch" aria-label={texts.monitoring.windowLabel}>
      {WINDOW_NAMES.map((name) => (
        <a key={name} href={`/status?window=${name}`} aria-current={name === window ? 'true' : undefined}>
          {texts.monitoring.windows[name]}
        </a>
      ))}
    </nav>
  );
}

/** The figures and charts of a window. */
export function MonitoringFigures({ texts, monitoring: { figures }, labels }: MonitoringProps) {
  if (figures === undefined) return null;
  const seen = figures.images > 0;
  return (
    <>
      <p class="hint">{texts.monitoring.asOf(figures)}</p>
      <KeyFigures texts={texts} figures={figures} />
      {seen && (
        <div class="charts">
          <RateChart texts={texts} figures={figures} />
          <LatencyChart texts={texts} figures={figures} />
          <DecisionChart texts={texts} figures={figures} />
          <ScoreChart texts={texts} figures={figures} />
          <LabelChart texts={texts} figures={figures} labels={labels} />
        </div>
      )}
      {seen && figures.drift.checks.length > 0 && <Checks texts={texts} drift={figures.drift} />}
    </>
  );
}

function KeyFigures({ texts, figures }: FiguresProps) {
  const { images, perSecond, latencyMs, feedback, dropped } = figures;
  const { monitoring: t } = texts;
  const right = feedback.count === 0 ? t.none : t.percent(feedback.right / feedback.count);
  const rows: readonly (readonly [string, string, string])[] = [
    [t.images, t.number(images), images === 0 ? '' : t.rate(perSecond)],
    [
      t.latency,
      latencyMs === undefined ? t.none : t.milliseconds(latencyMs.p50),
      latencyMs === undefined ? '' : t.slowest(t.milliseconds(latencyMs.p95), t.milliseconds(latencyMs.p99)),
    ],
    [t.feedback, right, feedback.count === 0 ? t.noFeedback : t.feedbackCount(feedback.right, feedback.count)],
    [t.dropped, t.number(dropped), t.droppedMeans],
  ];
  return (
    <dl class="figures">
      {rows.map(([name, value, meaning]) => (
        <div key={name} class="card">
          <dt>{name}</dt>
          <dd class="figure">{value}</dd>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The points of the series as rows, each after the time at which it begins. */
function tableOverTime(
  { texts, figures: { series, until } }: FiguresProps,
  columns: readonly string[],
  cells: (point: MonitoringFiguresResponse['series'][number]) => readonly string[],
): Table {
  const { monitoring: t } = texts;
  return {
    columns: [t.columns.at, ...columns],
    rows: series.map((point) => [t.clock(point.at, until), ...cells(point)]),
  };
}

function endsOf({ texts, figures: { series, until } }: FiguresProps) {
  const { clock } = texts.monitoring;
  return { from: clock(series[0]?.at ?? until, until), until: clock(until, until) };
}

function RateChart({ texts, figures }: FiguresProps) {
  const { monitoring: t } = texts;
  const { series } = figures;
  const counts = series.map(({ images }) => images);
  const most = Math.max(0, ...counts);
  const [first, second] = series;
  const step = first !== undefined && second !== undefined ? Date.parse(second.at) - Date.parse(first.at) : undefined;
  return (
    <Chart
      id="rate"
      title={t.rateTitle(step)}
      summary={t.table}
      table={tableOverTime(
        { texts, figures },
        [t.images, t.decisions.uncertain, t.decisions.unknown],
        ({ images, uncertain, unknown }) => [t.number(images), t.number(uncertain), t.number(unknown)],
      )}
    >
      <Columns
        alt={t.rateAlt(Math.min(...counts), most, counts.at(-1) ?? 0)}
        most={t.number(most)}
        {...endsOf({ texts, figures })}
        scale={most}
        columns={series.map(({ images, uncertain, unknown }) => [
          { kind: 'label', value: images - uncertain - unknown },
          { kind: 'uncertain', value: uncertain },
          { kind: 'unknown', value: unknown },
        ])}
      />
    </Chart>
  );
}

function LatencyChart({ texts, figures }: FiguresProps) {
  const { monitoring: t } = texts;
  const values = figures.series.map(({ latencyMs }) => latencyMs);
  const known = values.filter((value) => value !== undefined);
  const most = Math.max(0, ...known);
  return (
    <Chart
      id="latency"
      title={t.latencyTitle}
      summary={t.table}
      table={tableOverTime({ texts, figures }, [t.columns.median], ({ latencyMs }) => [
        latencyMs === undefined ? t.none : t.milliseconds(latencyMs),
      ])}
    >
      <Line
        alt={t.latencyAlt(t.milliseconds(Math.min(...known)), t.milliseconds(most))}
        most={t.milliseconds(most)}
        {...endsOf({ texts, figures })}
        scale={most}
        values={values}
      />
    </Chart>
  );
}

function DecisionChart({ texts, figures: { decisions, images } }: FiguresProps) {
  const { monitoring: t } = texts;
  const parts = DECISIONS.map((kind) => ({ kind, value: decisions[kind] }));
  const share = (value: number) => (value === 0 ? t.exactPercent(0) : t.percent(value / images));
  return (
    <Chart
      id="decisions"
      title={t.decisionsTitle}
      summary={t.table}
      table={{
        columns: [t.decisionsTitle, t.images, t.columns.share],
        rows: parts.map(({ kind, value }) => [t.decisions[kind], t.number(value), share(value)]),
      }}
    >
      <ShareBar
        alt={parts.map(({ kind, value }) => `${t.decisions[kind]}: ${share(value)}`).join(', ')}
        parts={parts}
      />
      <ul class="legend">
        {parts.map(({ kind, value }) => (
          <li key={kind}>
            <svg aria-hidden="true" width="12" height="12">
              <rect class={`part-${kind}`} width="12" height="12" rx="3" />
            </svg>
            {t.decisions[kind]} <span>{share(value)}</span>
          </li>
        ))}
      </ul>
    </Chart>
  );
}

function ScoreChart({ texts, figures: { scores } }: FiguresProps) {
  const { monitoring: t } = texts;
  const most = Math.max(0, ...scores);
  return (
    <Chart
      id="scores"
      title={t.scoresTitle}
      summary={t.table}
      table={{
        columns: [t.columns.certainty, t.columns.share],
        rows: scores.map((share, tenth) => [t.tenth(tenth * 10, tenth * 10 + 10), t.percent(share)]),
      }}
    >
      <Columns
        alt={t.scoresAlt(t.percent(scores.at(-1) ?? 0))}
        most={t.percent(most)}
        from={t.exactPercent(0)}
        until={t.exactPercent(1)}
        scale={most}
        columns={scores.map((value) => [{ kind: 'label', value }])}
      />
    </Chart>
  );
}

function LabelChart({ texts, figures, labels }: FiguresProps & Pick<MonitoringProps, 'labels'>) {
  const { monitoring: t } = texts;
  const shown = figures.labels.slice(0, MOST_LABELS);
  const others = Math.max(0, 1 - shown.reduce((sum, { share }) => sum + share, 0));
  const nameOf = (id: string) => labels.find((label) => label.id === id)?.name ?? id;
  const most = Math.max(0, ...shown.map(({ share }) => share));
  return (
    <figure class="chart chart-wide card" aria-labelledby="labels">
      <figcaption id="labels">{t.labelsTitle}</figcaption>
      <ol class="predictions shares">
        {shown.map(({ label, share }) => (
          <li key={label}>
            <span>{nameOf(label)}</span>
            <span class="prediction-score">{t.percent(share)}</span>
            <svg class="bar" aria-hidden="true" width="100%" height="6">
              <rect class="bar-rest" width="100%" height="6" rx="3" />
              <rect class="bar-share" width={`${Math.max(1, (share / most) * 100).toFixed(1)}%`} height="6" rx="3" />
            </svg>
          </li>
        ))}
      </ol>
      {others >= 0.005 && (
        <p class="hint">
          {t.otherLabels}: {t.percent(others)}
        </p>
      )}
    </figure>
  );
}

function Checks({ texts, drift }: { texts: Texts; drift: DriftResponse }) {
  const { monitoring: t } = texts;
  return (
    <details id="checks" class="checks">
      <summary>{t.checksTitle}</summary>
      <p class="hint" id="checks-lead">
        {t.checksLead}
      </p>
      <FigureTable
        labelledBy="checks-lead"
        columns={[t.columns.check, t.columns.state, t.columns.size, t.columns.limit]}
        rows={drift.checks.map(({ name, state, score, limit }) => [
          t.checks[name],
          t.checkStates[state],
          state === 'waiting' ? t.none : t.figure(score),
          t.figure(limit),
        ])}
      />
    </details>
  );
}
