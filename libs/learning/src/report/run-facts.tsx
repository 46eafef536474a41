// What the figures come from: the service that was asked, the images, the model.
import { EvaluationReport, PARITY_LIMITS } from '@app/contracts/learning';
import { count, counted, dayOf, decimal, milliseconds, percent, points } from './number-texts';
import { Details, Facts, Name } from './parts';
import { keepsParity } from './readings';

export function Service({ report: { latency, parity } }: { report: EvaluationReport }) {
  return (
    <div class="pair">
      <div>
        <h3>Time per photo</h3>
        <Facts
          facts={[
            ['Median', milliseconds(latency.p50Ms)],
            ['95 of 100 are faster than', milliseconds(latency.p95Ms)],
            ['Slowest', milliseconds(latency.maxMs)],
            ['Of it the network, median', milliseconds(latency.inferMs)],
            ['Photos', count(latency.images)],
          ]}
        />
      </div>
      <div>
        <h3>Parity with training</h3>
        <Facts
          facts={[
            ['Held', keepsParity(parity) ? 'yes' : <strong class="bad">no</strong>],
            ['Same answer', `${percent(parity.agreement)} (at least ${percent(PARITY_LIMITS.agreement)})`],
            [
              'Largest difference of a score',
              `${points(parity.largestDifference)} (at most ${points(PARITY_LIMITS.largestDifference)})`,
            ],
            ['Images', count(parity.images)],
          ]}
        />
      </div>
    </div>
  );
}

export function TestData({ report: { test, created } }: { report: EvaluationReport }) {
  return (
    <>
      <Facts
        facts={[
          ['Test images', count(test.images)],
          [
            'Where they come from',
            test.setAside ? 'a part of the training data that was set aside' : 'a data set of their own',
          ],
          ['Hash', <code>{test.hash}</code>],
          ['Left out', test.leftOut.length === 0 ? 'none' : counted(test.leftOut.length, 'file')],
          ['Evaluated on', dayOf(created)],
        ]}
      />
      {test.leftOut.length > 0 && (
        <Details summary="Files that were left out, and why">
          <ul>
            {test.leftOut.map(({ path, message }) => (
              <li key={path}>
                <span class="path">
                  <Name>{path}</Name>
                </span>
                : <Name>{message}</Name>
              </li>
            ))}
          </ul>
        </Details>
      )}
    </>
  );
}

const MOST_INLINE_LABELS = 20;

export function Model({ report: { model } }: { report: EvaluationReport }) {
  const { labels, thresholds, trainingImages, validationImages, dataHash, splitHash } = model;
  const names = (
    <ul class="labels">
      {labels.map(({ id, name }) => (
        <li key={id}>
          <Name>{name}</Name>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      <Facts
        facts={[
          ['Name', <Name>{model.name}</Name>],
          ['Made on', dayOf(model.created)],
          ['Training images', trainingImages && count(trainingImages)],
          [
            'Validation images',
            validationImages && `${count(validationImages)}, which chose temperature and thresholds`,
          ],
          ['Temperature', decimal(model.temperature)],
          ['Uncertain', `below a score of ${percent(thresholds.uncertain)}`],
          [
            'Unknown',
            thresholds.unknown === undefined
              ? 'never: no threshold'
              : `above an out-of-set score of ${decimal(thresholds.unknown)}`,
          ],
          ['Hash of the data', dataHash && <code>{dataHash}</code>],
          ['Hash of the split', splitHash && <code>{splitHash}</code>],
          ['Labels', labels.length <= MOST_INLINE_LABELS ? names : count(labels.length)],
        ]}
      />
      {labels.length > MOST_INLINE_LABELS && <Details summary={`All ${count(labels.length)} labels`}>{names}</Details>}
    </>
  );
}
