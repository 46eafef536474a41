/** What the script of the upload page says; the server writes it into the form, so that there is one source of texts. */
export interface BrowserTexts {
  /** Largest photo, in bytes. */
  readonly maxBytes: number;
  readonly tooLarge: BrowserProblem;
  readonly empty: BrowserProblem;
  readonly severalPhotos: BrowserProblem;
  /** No answer came: the service or the network is gone. */
  readonly unreachable: BrowserProblem;
  /** An answer came that is not from this page's server. */
  readonly unexpected: BrowserProblem;
  /** Feedback did not arrive. */
  readonly feedbackLost: BrowserProblem;
  /** `{percent}` stands for a whole number. */
  readonly sending: string;
  readonly looking: string;
  readonly cancelled: string;
  readonly chosen: string;
  readonly dropHere: string;
  /** Titles of the browser's tab; `{title}` stands for the heading of the result or the problem. */
  readonly resultTitle: string;
  readonly problemTitle: string;
}

export interface BrowserProblem {
  readonly title: string;
  readonly detail: string;
}
