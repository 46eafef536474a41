import { StatusResponse } from '@app/contracts/classification';
import { Texts } from '../texts';
import { Layout } from './layout';

/** Whether a photo can be sent, and how each part is. */
export function StatusPage({ texts, status }: { texts: Texts; status: StatusResponse }) {
  return (
    <Layout texts={texts} title={texts.status.heading} current="status">
      <h1>{texts.status.heading}</h1>
      <p class={`lead overall state-${status.status}`}>{texts.status.overall[status.status]}</p>
      <h2>{texts.status.partsHeading}</h2>
      <ul class="tiers">
        {status.tiers.map((tier) => {
          const { name, role } = texts.status.tiers[tier.name];
          const facts = [
            tier.version !== undefined && texts.status.version(tier.version),
            tier.latencyMs !== undefined && texts.status.latency(tier.latencyMs),
          ].filter((fact) => fact !== false);
          return (
            <li key={tier.name} class="card">
              <div>
                <h3>{name}</h3>
                <p class="role">{role}</p>
                {facts.length > 0 && <p class="hint">{facts.join(', ')}</p>}
                {tier.detail !== undefined && <p class="hint">{tier.detail}</p>}
              </div>
              <p class={`badge state-${tier.status}`}>{texts.status.states[tier.status]}</p>
            </li>
          );
        })}
      </ul>
    </Layout>
  );
}
