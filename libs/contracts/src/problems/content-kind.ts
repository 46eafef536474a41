/** What people take for a photo, or send by mistake: its code, and what it is called in English. */
export const CONTENT_KINDS = {
  gif: 'a GIF image',
  bmp: 'a BMP image',
  tiff: 'a TIFF or raw camera image',
  photoshop: 'a Photoshop document',
  icon: 'an icon file',
  'jpeg-xl': 'a JPEG XL image',
  'jpeg-2000': 'a JPEG 2000 image',
  avif: 'an AVIF image',
  heic: 'a HEIC photo (an iPhone saves JPEG with Settings > Camera > Formats > Most Compatible)',
  pdf: 'a PDF document',
  zip: 'a ZIP archive or an office document',
  archive: 'a compressed archive',
  video: 'a video',
  sound: 'a sound recording',
  svg: 'an SVG drawing',
  'web-page': 'a web page',
  text: 'text',
} as const satisfies Record<string, string>;

export type ContentKind = keyof typeof CONTENT_KINDS;
