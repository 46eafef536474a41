/** The frame around the API's description. */
export const docs = {
  heading: 'API',
  lead: 'Everything this page can do, programs can do too: send photos one by one or several at once, read what the model knows, and give feedback.',
  /** Before a link to the description. */
  document: 'For tools, as OpenAPI 3.1:',
  languages: 'Answers and refusals are in English or Korean, as the header Accept-Language asks.',
  noScript: 'The viewer below needs JavaScript; the description itself does not.',
  /** Not said to who reads English anyway. */
  inEnglish: 'The description of the API is in English.',
};
