/** An image cannot be made as it was asked for; the message says what to do. */
export class ImageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImageError';
  }
}
