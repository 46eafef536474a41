import { LabelResponse, StatusResponse } from '@app/contracts/classification';
import { StatusReportResponse } from '@app/contracts/monitoring';
import { Texts } from '../texts';
import { Layout } from './layout';
import { MonitoringFigures, MonitoringWords, WindowSwitch } from './monitoring';

/** What runs outside of an image says that it has no build. */
const NO_BUILD = 'local';

interface StatusProps {
  readonly texts: Texts;
  readonly report: StatusReportResponse;
  /** Names for the labels that the model names most; empty when it does not tell. */
  readonly labels: readonly LabelResponse[];
}

/** Whether a photo can be sent, what the model saw lately, and how each part is. */
export function StatusPage(props: StatusProps) {
  const { texts, report } = props;
  return (
    <Layout
      texts={texts}
      title={texts.status.heading}
      current="status"
      scripts={['status.js']}
      query={{ window: report.monitoring.window }}
    >
      <h1>{texts.status.heading}</h1>
      <StatusParts {...props} />
    </Layout>
  );
}

/** All below the heading. What has `data-live` is replaced by the script, piece by piece; only words are read out. */
export function StatusParts({ texts, report, labels }: StatusProps) {
  const { status, monitoring } = report;
  return (
    <>
      <div id="overall" data-live aria-live="polite">
        <p class={`lead overall state-${status}`}>{texts.status.overall[status]}</p>
      </div>
      <p class="hint" role="status" data-part="stale" data-text={texts.monitoring.stale} />
      <h2>{texts.status.partsHeading}</h2>
      <div id="parts" data-live>
        <Tiers texts={texts} tiers={report.tiers} />
      </div>
      <h2>{texts.monitoring.heading}</h2>
      {monitoring.state !== 'off' && <WindowSwitch texts={texts} window={monitoring.window} />}
      <div id="words" data-live aria-live="polite">
        {isAsked(report) ? (
          <MonitoringWords texts={texts} monitoring={monitoring} />
        ) : (
          <p class="lead">{texts.status.monitoringNotAsked}</p>
        )}
      </div>
      <div id="figures" data-live>
        <MonitoringFigures texts={texts} monitoring={monitoring} labels={labels} />
      </div>
    </>
  );
}

/** Whether the parts behind the business tier could be asked at all. */
function isAsked({ tiers }: Pick<StatusReportResponse, 'tiers'>): boolean {
  return tiers.some(({ name }) => name === 'model');
}

function Tiers({ texts, tiers }: { texts: Texts; tiers: StatusResponse['tiers'] }) {
  const { status } = texts;
  const now = new Date().toISOString();
  return (
    <>
      <ul class="tiers">
        {tiers.map((tier) => (
          <Tier key={tier.name} texts={texts} tier={tier} />
        ))}
      </ul>
      {!isAsked({ tiers }) && <p class="hint">{status.notAsked}</p>}
      <p class="hint">{status.lookedAt(status.clock(now, now))}</p>
    </>
  );
}

function Tier({ texts: { status: words }, tier }: { texts: Texts; tier: StatusResponse['tiers'][number] }) {
  const { name, role } = words.tiers[tier.name];
  const { version, build, latencyMs } = tier;
  const facts = [
    version !== undefined && (tier.name === 'model' ? words.serves(version) : words.version(version)),
    build !== undefined && build !== NO_BUILD && words.build(build),
    latencyMs !== undefined && words.latency(latencyMs),
  ].filter((fact) => fact !== false);
  return (
    <li class="card">
      <div>
        <h3>{name}</h3>
        <p class="role">{role}</p>
        {facts.length > 0 && <p class="hint">{facts.join(', ')}</p>}
        {tier.detail !== undefined && <p class="hint">{tier.detail}</p>}
      </div>
      <p class={`badge state-${tier.status}`}>{words.states[tier.status]}</p>
    </li>
  );
}
