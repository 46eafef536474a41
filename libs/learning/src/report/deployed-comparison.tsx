// This model beside the one that is deployed, image by image.
import { EvaluationReport, PairedChanges } from '@app/contracts/learning';
import { count, counted, percent, pValue, signedPoints } from './number-texts';
import { Details, Name, Table } from './parts';
import { isChance, rightImages } from './readings';

/** At first sight, and at all: `evaluation.json` holds every class. */
const SHOWN_CLASSES = 8;
const MOST_CLASSES = 40;

export function DeployedComparison({ report: { model, quality, comparison } }: { report: EvaluationReport }) {
  const { deployed, changes, explanation } = comparison;
  if (comparison.comparable === 0 || deployed === undefined || changes === undefined) {
    return (
      <p>
        <Name>{explanation}</Name>
      </p>
    );
  }
  const names = new Map(model.labels.map(({ id, name }) => [id, name]));
  const further = changes.perClass.slice(SHOWN_CLASSES, MOST_CLASSES);
  const bothRight = rightImages(quality) - changes.onlySecondRight;
  const bothWrong = changes.images - bothRight - changes.onlyFirstRight - changes.onlySecondRight;
  return (
    <>
      <p>
        <Name>{explanation}</Name> {chanceInWords(changes)}{' '}
        {counted(changes.differentAnswers, 'image gets', 'images get')} another answer than before.
      </p>
      <Table
        caption={`${counted(changes.images, 'test image')}, by who gets them right`}
        columns={['Images', 'This one right', 'This one wrong']}
      >
        <tr>
          <th scope="row">Deployed one right</th>
          <td>{count(bothRight)}</td>
          <td>
            <strong>{count(changes.onlyFirstRight)}</strong>
          </td>
        </tr>
        <tr>
          <th scope="row">Deployed one wrong</th>
          <td>
            <strong>{count(changes.onlySecondRight)}</strong>
          </td>
          <td>{count(bothWrong)}</td>
        </tr>
      </Table>
      <RecallChanges
        caption={`Recall of the ${counted(changes.perClass.length, 'class that', 'classes that')} changed, the largest change first`}
        changes={changes.perClass.slice(0, SHOWN_CLASSES)}
        names={names}
      />
      {further.length > 0 && (
        <Details summary={`The next ${counted(further.length, 'class', 'classes')}`}>
          <RecallChanges caption="Recall, further changes" changes={further} names={names} />
        </Details>
      )}
    </>
  );
}

function chanceInWords(changes: PairedChanges): string {
  const { onlyFirstRight, onlySecondRight, pValue: chance } = changes;
  const split = `${counted(onlySecondRight, 'image is', 'images are')} right with this model alone, ${count(onlyFirstRight)} with the deployed one alone.`;
  if (onlyFirstRight + onlySecondRight === 0) return 'Both models are right and wrong on the very same images.';
  return isChance(changes)
    ? `${split} So small a difference could be chance (${pValue(chance)}).`
    : `${split} Two equally good models would hardly differ so much (${pValue(chance)}).`;
}

interface RecallChangesProps {
  readonly caption: string;
  readonly changes: PairedChanges['perClass'];
  readonly names: ReadonlyMap<string, string>;
}

function RecallChanges({ caption, changes, names }: RecallChangesProps) {
  if (changes.length === 0) return null;
  return (
    <Table caption={caption} columns={['Class', 'Deployed', 'This one', 'Points']}>
      {changes.map(({ label, firstRecall, secondRecall }) => (
        <tr key={label}>
          <th scope="row">
            <Name>{names.get(label) ?? label}</Name>
          </th>
          <td>{percent(firstRecall)}</td>
          <td>{percent(secondRecall)}</td>
          <td>{signedPoints(secondRecall - firstRecall)}</td>
        </tr>
      ))}
    </Table>
  );
}
