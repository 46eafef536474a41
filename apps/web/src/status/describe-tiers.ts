import { Language, ProblemError } from '@app/contracts';
import { TierReport, TierStatus } from '@app/contracts/classification';
import { Texts, textsIn } from '../pages/texts';

/** The public form of what tiers tell: what there is to say of them is a sentence in one language. */
export function describeTiers(tiers: readonly TierReport[], language: Language): TierStatus[] {
  return tiers.map(({ problem, events, detail: said, ...tier }) => {
    const detail = said ?? wordsOf({ ...tier, problem, events }, textsIn(language));
    return { ...tier, ...(detail === '' ? {} : { detail }) };
  });
}

type Wordless = Pick<TierReport, 'name' | 'status'> & { [K in 'problem' | 'events']: TierReport[K] | undefined };

function wordsOf({ name, status, problem, events }: Wordless, { status: words, problemTexts }: Texts): string {
  return [
    ProblemError.fromDocument(problem)?.describe(problemTexts).detail,
    name === 'monitor' && status !== 'ok' ? words.notReached : undefined,
    events && words.events(events.waiting, events.dropped),
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}
