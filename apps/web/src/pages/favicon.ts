/** The product's mark: a frame, as a viewfinder draws it, around what was found. */
export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
  '<rect width="32" height="32" rx="8" fill="#0b6e5f"/>' +
  '<path d="M7 12V9a2 2 0 0 1 2-2h3M20 7h3a2 2 0 0 1 2 2v3M25 20v3a2 2 0 0 1-2 2h-3M12 25H9a2 2 0 0 1-2-2v-3" ' +
  'fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/>' +
  '<circle cx="16" cy="16" r="4" fill="#ffd27a"/></svg>';
