import { Texts } from '../texts';

/** What this browser remembers, when it was asked to. It needs the script. */
export function History({ texts }: { texts: Texts }) {
  const { history } = texts.uploadPage;
  return (
    <section class="history" data-part="history" aria-labelledby="history-heading" data-needs-script hidden>
      <h2 id="history-heading">{history.heading}</h2>
      <label class="choice">
        <input type="checkbox" data-part="keep-history" aria-describedby="history-hint" />
        {history.keep}
      </label>
      <p class="hint" id="history-hint">
        {history.means}
      </p>
      <ol class="history-list" data-part="history-list" aria-label={history.list} hidden />
      <p>
        <button type="button" class="link-button" data-action="clear-history" hidden>
          {history.clear}
        </button>
      </p>
      <template data-template="history-entry">
        <li>
          <img alt="" width="56" height="56" />
          <span>
            <strong data-part="answer" />
            <span class="hint" data-part="when" />
          </span>
        </li>
      </template>
    </section>
  );
}
