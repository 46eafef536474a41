/** The page on which a person looks at photos that came with feedback. Knows neither HTTP nor where the photos lie. */
import { FeedbackReview } from '@app/contracts/feedback';
import { PAGE_STYLE } from '@app/learning/report';
import { renderToString } from 'preact-render-to-string';
import { givenLabel, ItemWithPhoto } from './feedback-item';
import { Suspicion, SUSPICION_RULES } from './summarise-feedback';

/** On one page: more are slow to load, and nobody looks at more in one go. */
export const PHOTOS_PER_PAGE = 50;

const FORM_STYLE = `
.reviews { display: grid; gap: 1.5rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.review { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1rem 1.5rem; scroll-margin-top: 1rem; }
.review img { display: block; width: 100%; max-height: 28rem; border-radius: var(--radius); background: var(--line); object-fit: contain; }
.review form { display: grid; gap: 0.75rem; margin-top: 1rem; }
.review label { display: grid; gap: 0.25rem; color: var(--muted); font-size: 0.875rem; }
.review select, .review input { width: 100%; padding: 0.5rem; border: 1px solid var(--field); border-radius: 0.5rem; background: var(--ground); color: var(--ink); font: inherit; }
.review .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.review button { min-height: 2.75rem; padding: 0.5rem 1rem; border: 1px solid var(--accent); border-radius: 0.5rem; background: var(--surface); color: var(--accent); font: inherit; font-weight: 600; cursor: pointer; }
.review button[value=accepted] { background: var(--accent); color: var(--surface); }
.doubt { color: var(--warn); }
`;

export const REVIEW_STYLE = `${PAGE_STYLE}${FORM_STYLE}`;

export type Shown = 'open' | 'decided';

export interface ReviewPageFacts {
  readonly shown: Shown;
  /** Those of this page. */
  readonly items: readonly ItemWithPhoto[];
  readonly counts: Readonly<Record<Shown, number>>;
  /** By id, and called as people call them. */
  readonly labels: ReadonlyMap<string, string>;
  readonly doubts: ReadonlyMap<string, readonly Suspicion[]>;
  /** Ids of feedback whose photo others label differently. */
  readonly disputed: ReadonlySet<string>;
  /** What was wrong with what was sent. */
  readonly problem?: string;
}

export function reviewPage(facts: ReviewPageFacts): string {
  return `<!doctype html>${renderToString(<ReviewPage {...facts} />)}`;
}

const DECISION_WORDS: Readonly<Record<FeedbackReview['decision'], string>> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  later: 'For later',
};

function ReviewPage(facts: ReviewPageFacts) {
  const { shown, items, counts, problem } = facts;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Feedback to review</title>
        <style dangerouslySetInnerHTML={{ __html: REVIEW_STYLE }} />
      </head>
      <body>
        <main>
          <p class="kicker">Feedback</p>
          <h1>{shown === 'open' ? 'What do these photos show?' : 'What was decided'}</h1>
          <p class="lead">
            Accepted photos become part of the next dataset version, in the class that you choose. Nothing is trained or
            deployed by this page.
          </p>
          <nav aria-label="Which photos">
            <ul>
              <li>
                <a href="./" aria-current={shown === 'open' ? 'page' : undefined}>
                  To review ({counts.open})
                </a>
              </li>
              <li>
                <a href="./?show=decided" aria-current={shown === 'decided' ? 'page' : undefined}>
                  Decided ({counts.decided})
                </a>
              </li>
            </ul>
          </nav>
          {problem !== undefined && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
          {items.length === 0 && <p>{shown === 'open' ? 'There is nothing to review.' : 'Nothing was decided yet.'}</p>}
          <ul class="reviews">
            {items.map((item) => (
              <Review key={item.record.id} item={item} {...facts} />
            ))}
          </ul>
          {counts[shown] > items.length && (
            <p>
              {items.length} of {counts[shown]} are shown
              {shown === 'open' ? '; deciding brings up the others' : ', the newest'}.
            </p>
          )}
        </main>
        <footer>
          Made by the command line, for this machine only. Ctrl-C there ends it; decisions are kept at once.
        </footer>
      </body>
    </html>
  );
}

function Review({ item, shown, labels, doubts, disputed }: ReviewPageFacts & { item: ItemWithPhoto }) {
  const { record, review } = item;
  const called = (label: string | null, none: string) => (
    <bdi>{label === null ? none : (labels.get(label) ?? label)}</bdi>
  );
  const chosen = review?.label ?? givenLabel(record);
  const named = [...labels].sort(([, a], [, b]) => a.localeCompare(b, 'en'));
  const doubtful = (doubts.get(record.id) ?? []).map((suspicion) => SUSPICION_RULES[suspicion]);
  if (disputed.has(record.id)) doubtful.push('other feedback to this photo gives another label');
  return (
    <li class="card review" id={`f-${record.id}`}>
      <img src={`photos/${record.image}.jpg`} alt={`Photo of feedback ${record.id}`} loading="lazy" />
      <div>
        <dl class="facts">
          <div>
            <dt>The model said</dt>
            <dd>
              {called(record.said, 'unknown')}
              {record.decision === 'uncertain' && ', uncertain'}
            </dd>
          </div>
          <div>
            <dt>The person said</dt>
            <dd>{record.right ? 'right' : <>wrong; it is {called(record.label, '(not said)')}</>}</dd>
          </div>
          <div>
            <dt>Model, day</dt>
            <dd>
              {record.model.name} {record.model.version}, {record.at.slice(0, 10)}
            </dd>
          </div>
          {review !== undefined && (
            <div>
              <dt>Decided</dt>
              <dd>
                {DECISION_WORDS[review.decision]}
                {review.label !== null && <> as {called(review.label, '')}</>}
              </dd>
            </div>
          )}
        </dl>
        {doubtful.map((doubt) => (
          <p key={doubt} class="doubt">
            Doubtful: {doubt}.
          </p>
        ))}
        <form method="post" action={`decide?show=${shown}`}>
          <input type="hidden" name="id" value={record.id} />
          <label>
            It shows
            <select name="label">
              <option value="">(choose a class)</option>
              {named.map(([id, name]) => (
                <option key={id} value={id} selected={id === chosen}>
                  {name === id ? id : `${name} (${id})`}
                </option>
              ))}
            </select>
          </label>
          <label>
            or a new class
            <input name="newLabel" maxLength={80} autoComplete="off" />
          </label>
          <div class="buttons">
            <button name="decision" value="accepted">
              Accept
            </button>
            <button name="decision" value="rejected">
              Reject
            </button>
            <button name="decision" value="later">
              Later
            </button>
          </div>
        </form>
      </div>
    </li>
  );
}
