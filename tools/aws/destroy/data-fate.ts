/** What becomes of what people gave and what was made of it. */
export type DataFate =
  { readonly kind: 'keep' } | { readonly kind: 'delete' } | { readonly kind: 'export'; readonly folder: string };
