import {
  IMAGE_FORMAT_NAMES,
  IMAGE_FORMATS,
  IMAGE_MEDIA_TYPES,
  MAX_BATCH_IMAGES,
  MAX_IMAGE_BYTES,
  ProblemError,
} from '@app/contracts';
import { BrowserTexts } from '../browser-texts';
import { problemTexts, Texts } from '../texts';

/** These types, and not `image/*`: so iPhones send their HEIC photos as JPEG by themselves. */
const ACCEPT = IMAGE_FORMATS.map((format) => IMAGE_MEDIA_TYPES[format]).join(',');

/** Longer side of what the script sends of a larger photo. Models see far less; the answer stays the same. */
const MAX_SENT_PIXELS = 2048;

/** The form that takes photos. It works by itself; the script takes photos out of its inputs as they are chosen. */
export function UploadForm({ texts, describedBy }: { texts: Texts; describedBy: string | undefined }) {
  const { uploadPage } = texts;
  const formats = IMAGE_FORMATS.map((format) => IMAGE_FORMAT_NAMES[format]);
  return (
    <form
      class="upload card"
      method="post"
      encType="multipart/form-data"
      action="/classify"
      data-texts={JSON.stringify(browserTexts(texts))}
    >
      <input type="hidden" name="heatmap" value="true" />
      <div class="drop-zone" data-part="drop-zone">
        <svg class="picture" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
          <rect x="5" y="9" width="38" height="30" rx="5" />
          <circle cx="16" cy="19" r="3.5" />
          <path d="m8 34 9-8 6 5 9-10 9 10" />
        </svg>
        <label for="image">{uploadPage.choose}</label>
        <p class="hint" id="image-hint">
          {uploadPage.limits(formats, MAX_IMAGE_BYTES, MAX_BATCH_IMAGES)}{' '}
          <span class="own-line" data-needs-script hidden>
            {uploadPage.otherWays}
          </span>
        </p>
        <input
          id="image"
          name="image"
          type="file"
          multiple
          accept={ACCEPT}
          aria-describedby={describedBy ? `${describedBy} image-hint` : 'image-hint'}
          aria-invalid={describedBy ? 'true' : undefined}
        />
        <div class="camera">
          <label for="camera">{uploadPage.takePhoto}</label>
          <input id="camera" name="image" type="file" accept={ACCEPT} capture="environment" />
        </div>
      </div>
      <div class="shrink" data-needs-script hidden>
        <label class="choice">
          <input type="checkbox" data-part="shrink" checked aria-describedby="shrink-hint" />
          {uploadPage.shrink}
        </label>
        <p class="hint" id="shrink-hint">
          {uploadPage.shrinkMeans(MAX_SENT_PIXELS)}
        </p>
      </div>
      <div class="actions">
        <button type="submit" class="button">
          {uploadPage.submit}
        </button>
      </div>
      <p class="visually-hidden" role="status" data-part="announcement" />
    </form>
  );
}

function browserTexts(texts: Texts): BrowserTexts {
  const { uploadPage, title, problem } = texts;
  return {
    ...uploadPage.browser,
    previewAlt: uploadPage.card.previewAlt,
    resultTitle: title('{title}'),
    problemTitle: title(problem.titlePrefix('{title}')),
    maxBytes: MAX_IMAGE_BYTES,
    maxPhotos: MAX_BATCH_IMAGES,
    maxSentPixels: MAX_SENT_PIXELS,
    tooLarge: problemTexts(texts, new ProblemError('image-too-large', { limitBytes: MAX_IMAGE_BYTES })),
    empty: problemTexts(texts, new ProblemError('image-empty', {})),
  };
}
