import { LANGUAGES } from '@app/contracts';
import { PRODUCT_VERSION } from '@app/platform';
import { ComponentChildren } from 'preact';
import { assetUrl } from '../assets';
import { Texts, textsIn } from '../texts';

const LINKS = [
  { href: '/', name: 'photo' },
  { href: '/model', name: 'model' },
  { href: '/status', name: 'status' },
  { href: '/docs', name: 'docs' },
] as const;

export type PageName = (typeof LINKS)[number]['name'];

interface LayoutProps {
  readonly texts: Texts;
  /** What the browser's tab says, without the product's name. */
  readonly title: string;
  readonly current?: PageName;
  /** Names of style sheets and scripts beyond those that every page has. */
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
  /** What the page's address has behind its path, so that a link to the page in another language keeps it. */
  readonly query?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

/** The document around every page. */
export function Layout({ texts, title, current, styles = [], scripts = [], query = {}, children }: LayoutProps) {
  return (
    <html lang={texts.language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{texts.title(title)}</title>
        <link rel="icon" type="image/svg+xml" href={assetUrl('favicon.svg')} />
        {['page.css', ...styles].map((name) => (
          <link key={name} rel="stylesheet" href={assetUrl(name)} />
        ))}
        {scripts.map((name) => (
          <script key={name} defer src={assetUrl(name)} />
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          {texts.skipToContent}
        </a>
        <header class="site-header">
          <a class="brand" href="/">
            <img src={assetUrl('favicon.svg')} alt="" width="28" height="28" />
            {texts.productName}
          </a>
          <nav aria-label={texts.nav.label}>
            {LINKS.map(({ href, name }) => (
              <a key={name} href={href} aria-current={name === current ? 'page' : undefined}>
                {texts.nav[name]}
              </a>
            ))}
          </nav>
          <LanguageLinks texts={texts} query={query} />
        </header>
        <main id="content" class={`page page-${current ?? 'other'}`}>
          {children}
        </main>
        <footer class="site-footer">{texts.footer(PRODUCT_VERSION)}</footer>
      </body>
    </html>
  );
}

/** This page in the other languages. What answers a form has no address of its own: from there the links lead to the start page. */
function LanguageLinks({ texts, query }: Pick<LayoutProps, 'texts'> & { query: Readonly<Record<string, string>> }) {
  return (
    <nav class="languages" aria-label={texts.languages}>
      {LANGUAGES.filter((language) => language !== texts.language).map((language) => (
        <a
          key={language}
          href={`?${new URLSearchParams({ ...query, lang: language }).toString()}`}
          lang={language}
          hreflang={language}
        >
          {textsIn(language).ownName}
        </a>
      ))}
    </nav>
  );
}
