import { IMAGE_VIEWS } from './image-views';

const pixels = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]); // 2 x 2 pixels

describe('IMAGE_VIEWS', () => {
  it('shows the image as it is', () => {
    expect([...IMAGE_VIEWS.identity(pixels)]).toEqual([...pixels]);
  });

  it('exchanges left and right, and leaves the pixels it got alone', () => {
    expect([...IMAGE_VIEWS.flip(pixels, 2)]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
    expect([...pixels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
