import { ModelResponse } from '@app/contracts/classification';
import { groupLabels, sortLabels } from '../../model/group-labels';
import { Texts } from '../texts';

type Labels = ModelResponse['labels'];

/** More than these would drown the page: they are in a list to open, by their first letter. */
const MOST_OPEN_LABELS = 30;

/** Everything that the model knows. */
export function ModelLabels({ texts, labels }: { texts: Texts; labels: Labels }) {
  const card = texts.model;
  if (labels.length === 0) return <p id="labels">{card.noLabels}</p>;
  return (
    <section aria-labelledby="labels">
      <h2 id="labels">{card.labelsHeading(labels.length)}</h2>
      {labels.length > MOST_OPEN_LABELS ? (
        <>
          <p class="hint">{card.labelsHint}</p>
          <details class="card label-index">
            <summary>{card.showLabels(labels.length)}</summary>
            {groupLabels(labels, texts.language).map((group) => (
              <div key={group.initial}>
                <h3>{group.initial}</h3>
                <Names labels={group.labels} />
              </div>
            ))}
          </details>
        </>
      ) : (
        <div class="card">
          <Names labels={sortLabels(labels, texts.language)} />
        </div>
      )}
    </section>
  );
}

function Names({ labels }: { labels: Labels }) {
  return (
    <ul class="labels">
      {labels.map(({ id, name, description }) => (
        <li key={id}>
          {name}
          {description !== undefined && <span>{description}</span>}
        </li>
      ))}
    </ul>
  );
}
