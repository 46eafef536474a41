/** The page on which a person looks at photos that came with feedback. Knows neither HTTP nor where the photos lie. */
import { FeedbackReview, OTHER_LABEL } from '@app/contracts/feedback';
import { PAGE_STYLE } from '@app/learning/report';
import { renderToString } from 'preact-render-to-string';
import { MAX_CLASS_NAME_LENGTH } from './class-name';
import { givenLabel, ItemWithPhoto } from './feedback-item';
import { Suspicion, SUSPICION_RULES } from './summarise-feedback';

/** On one page: more are slow to load, and nobody looks at more in one go. */
export const PHOTOS_PER_PAGE = 50;

const FORM_STYLE = `
.reviews { display: grid; gap: 1.5rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.review { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 0.75rem 1.5rem; }
.review img { display: block; width: 100%; max-height: 28rem; border-radius: var(--radius); background: var(--line); object-fit: contain; }
.review h2 { grid-column: 1 / -1; margin: 0; font-size: 1rem; scroll-margin-top: 5.5rem; }
.review form { display: grid; gap: 0.75rem; margin-top: 1rem; }
.review label { display: grid; gap: 0.25rem; color: var(--muted); font-size: 0.875rem; }
.review select, .review input { width: 100%; padding: 0.5rem; border: 1px solid var(--field); border-radius: 0.5rem; background: var(--ground); color: var(--ink); font: inherit; }
.review .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.review button { min-height: 2.75rem; padding: 0.5rem 1rem; border: 1px solid var(--accent); border-radius: 0.5rem; background: var(--surface); color: var(--accent); font: inherit; font-weight: 600; cursor: pointer; }
.review button[value=accepted] { background: var(--accent); color: var(--surface); }
.review p { margin: 0.75rem 0 0; }
.review form p { margin: 0; }
.doubt { color: var(--warn); }
.notice { position: sticky; top: 0.5rem; z-index: 1; max-width: none; margin: 1.5rem 0 1rem; padding: 0.75rem 1rem; border: 1px solid currentColor; border-radius: var(--radius); background: var(--surface); }
.review [aria-invalid] { border-color: var(--error); }
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
  /** What was wrong with what was sent last. */
  readonly problem?: ReviewProblem;
  /** The one that was decided last; it may be shown elsewhere. */
  readonly decided?: ItemWithPhoto;
}

export interface ReviewProblem {
  readonly sentence: string;
  /** What was sent; absent when it was about nothing that is shown. */
  readonly sent?: { readonly id: string; readonly label: string; readonly newLabel: string };
}

/** Where on the page one feedback begins: what a browser goes to, and reads out. */
export function anchorOf(id: string): string {
  return `f-${id}`;
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
  const { shown, items, counts, problem, decided } = facts;
  const isAtForm = items.some(({ record }) => record.id === problem?.sent?.id);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${problem === undefined ? '' : 'Error: '}${shown === 'open' ? 'Feedback to review' : 'Decided feedback'}`}</title>
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
          {problem !== undefined && !isAtForm && (
            <p class="bad notice" role="alert">
              {problem.sentence}
            </p>
          )}
          {problem === undefined && decided !== undefined && <Decided item={decided} {...facts} />}
          {items.length === 0 && <p>{shown === 'open' ? 'There is nothing to review.' : 'Nothing was decided yet.'}</p>}
          <ul class="reviews">
            {items.map((item, at) => (
              <Review key={item.record.id} item={item} number={at + 1} {...facts} />
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

/** Says what was decided last, beside whatever comes next. */
function Decided({ item: { record, review }, labels }: ReviewPageFacts & { item: ItemWithPhoto }) {
  if (review === undefined) return null;
  const isDone = review.decision !== 'later';
  return (
    <p class="notice" role="status">
      {DECISION_WORDS[review.decision]}
      {review.label !== null && <> as {nameOf(labels, review.label)}</>}.{' '}
      <a href={`${isDone ? './?show=decided' : './'}#${anchorOf(record.id)}`}>Change it</a>
    </p>
  );
}

function Review(facts: ReviewPageFacts & { item: ItemWithPhoto; number: number }) {
  const { item, number, shown, labels, doubts, disputed } = facts;
  const { record, review } = item;
  const problem = facts.problem?.sent?.id === record.id ? facts.problem : undefined;
  const called = (label: string | null, none: string) => (label === null ? none : nameOf(labels, label));
  const chosen = problem?.sent?.label ?? review?.label ?? givenLabel(record);
  const newLabel = problem?.sent?.newLabel ?? '';
  const wrong = { 'aria-invalid': true, 'aria-describedby': `problem-${record.id}`, autofocus: true } as const;
  const named = [...labels].sort(([, a], [, b]) => a.localeCompare(b, 'en'));
  const doubtful = (doubts.get(record.id) ?? []).map((suspicion) => SUSPICION_RULES[suspicion]);
  if (disputed.has(record.id)) doubtful.push('other feedback to this photo gives another label');
  return (
    <li class="card review">
      <h2 id={anchorOf(record.id)} tabIndex={-1}>
        Photo {number} of {facts.items.length}
      </h2>
      <img src={`photos/${record.image}.jpg`} alt={`Photo ${number}`} loading="lazy" />
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
            <dd>{record.right ? 'that is right' : <>wrong, {given(record.label, labels)}</>}</dd>
          </div>
          <div>
            <dt>Model</dt>
            <dd>
              {record.model.name} {record.model.version}
            </dd>
          </div>
          <div>
            <dt>Feedback</dt>
            <dd>
              <time dateTime={record.at}>{record.at.slice(0, 10)}</time> <span class="path">{record.id}</span>
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
            <select name="label" {...(problem !== undefined && newLabel === '' ? wrong : {})}>
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
            <input
              name="newLabel"
              maxLength={MAX_CLASS_NAME_LENGTH}
              autoComplete="off"
              value={newLabel}
              {...(problem !== undefined && newLabel !== '' ? wrong : {})}
            />
          </label>
          {problem !== undefined && (
            <p class="bad" id={`problem-${record.id}`} role="alert">
              {problem.sentence}
            </p>
          )}
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

function given(label: string | null, labels: ReviewPageFacts['labels']) {
  if (label === null) return 'and did not say what it is';
  return label === OTHER_LABEL ? 'it is none of the classes' : <>it is {nameOf(labels, label)}</>;
}

function nameOf(labels: ReviewPageFacts['labels'], label: string) {
  return <bdi>{labels.get(label) ?? label}</bdi>;
}
