import { DEFAULT_LANGUAGE } from '@app/contracts';
import { Texts } from '../texts';
import { Layout } from './layout';

/** Swagger UI over `/openapi.json`, from our own origin. */
export function DocsPage({ texts }: { texts: Texts }) {
  return (
    <Layout
      texts={texts}
      title={texts.docs.heading}
      current="docs"
      styles={['swagger-ui.css', 'docs.css']}
      scripts={['swagger-ui-bundle.js', 'docs.js']}
    >
      {texts.language !== DEFAULT_LANGUAGE && <p class="hint">{texts.docs.inEnglish}</p>}
      <div id="swagger-ui" lang={DEFAULT_LANGUAGE} data-document="/openapi.json" />
      <noscript>
        <h1>{texts.docs.heading}</h1>
        <p>
          {texts.docs.noScript}{' '}
          <a href="/openapi.json">
            <code>/openapi.json</code>
          </a>
        </p>
      </noscript>
    </Layout>
  );
}
