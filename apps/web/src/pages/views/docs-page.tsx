import { DEFAULT_LANGUAGE } from '@app/contracts';
import { Texts } from '../texts';
import { Layout } from './layout';

/** Swagger UI over `/openapi.json`, from our own origin, below a few words in the reader's language. */
export function DocsPage({ texts }: { texts: Texts }) {
  const { docs, language } = texts;
  return (
    <Layout
      texts={texts}
      title={docs.heading}
      current="docs"
      styles={['swagger-ui.css', 'docs.css']}
      scripts={['swagger-ui-bundle.js', 'docs.js']}
    >
      <h1>{docs.heading}</h1>
      <p class="lead">{docs.lead}</p>
      <p>{docs.languages}</p>
      <p>
        {docs.document}{' '}
        <a href="/openapi.json">
          <code>/openapi.json</code>
        </a>
      </p>
      {language !== DEFAULT_LANGUAGE && <p class="hint">{docs.inEnglish}</p>}
      <noscript>
        <p>{docs.noScript}</p>
      </noscript>
      <div id="swagger-ui" lang={DEFAULT_LANGUAGE} data-document="/openapi.json" />
    </Layout>
  );
}
