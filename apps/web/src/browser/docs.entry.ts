// Starts Swagger UI on the docs page. It may only read our own OpenAPI document; its online validator stays off.

interface SwaggerUiOptions {
  readonly url: string;
  readonly domNode: Element;
  readonly deepLinking: boolean;
  readonly validatorUrl: null;
  readonly onComplete: () => void;
}

declare const SwaggerUIBundle: (options: SwaggerUiOptions) => unknown;

const place = document.querySelector<HTMLElement>('#swagger-ui');
const url = place?.dataset['document'];
if (place && url !== undefined) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  followScheme();
  dark.addEventListener('change', followScheme);
  SwaggerUIBundle({ url, domNode: place, deepLinking: true, validatorUrl: null, onComplete: leaveMainToThePage });
}

/** Swagger UI calls its part the main one; a page has one such part. */
function leaveMainToThePage(): void {
  for (const main of document.querySelectorAll('#swagger-ui main')) main.setAttribute('role', 'presentation');
}
