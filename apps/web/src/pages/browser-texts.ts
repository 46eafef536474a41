/** What the script of the start page says and keeps to; the server writes it into the form, so that there is one source. */
export interface BrowserTexts extends BrowserSentences {
  /** Largest photo, in bytes. */
  readonly maxBytes: number;
  /** Most photos at once. */
  readonly maxPhotos: number;
  /** Longest side of a photo that was made smaller, in pixels. */
  readonly maxSentPixels: number;
  readonly tooLarge: BrowserProblem;
  readonly empty: BrowserProblem;
  /** Alternative text of a preview; `{name}` stands for the file's name. */
  readonly previewAlt: string;
  /** Titles of the browser's tab; `{title}` stands for the heading of the result or the problem. */
  readonly resultTitle: string;
  readonly problemTitle: string;
}

export interface BrowserProblem {
  readonly title: string;
  readonly detail: string;
}

/** What only the script says; `{name}` and the like are filled in there. */
export interface BrowserSentences {
  readonly submitSeveral: string;
  readonly chosen: string;
  readonly chosenSeveral: string;
  readonly dropHere: string;
  readonly tooMany: BrowserProblem;
  readonly nothingChosen: BrowserProblem;
  readonly unreachable: BrowserProblem;
  readonly unexpected: BrowserProblem;
  readonly feedbackLost: BrowserProblem;
  readonly sampleLost: BrowserProblem;
  readonly size: string;
  readonly shrunkSize: string;
  readonly waiting: string;
  readonly sending: string;
  readonly looking: string;
  readonly pausing: string;
  readonly offline: string;
  readonly cancelled: string;
  readonly copied: string;
  readonly cleared: string;
  readonly progress: string;
  readonly answered: string;
  readonly removed: string;
  readonly matches: string;
  readonly csvColumns: readonly string[];
}
