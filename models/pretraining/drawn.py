"""Draws pictures of nothing that the network knows: one colour, noise, pages of text, charts, screenshots, patterns and the like.

    python3 drawn.py --out FOLDER [--images 60] [--seed 1]

Writes PNG files FOLDER/<family>/<kind>-<number>.png of 120 to 480 px. The same seed draws the same pictures.
"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

LETTERS = "etaoin shrdlu cmfwyp vbgkqjxz etaoin "
FONT = ImageFont.load_default()


def colour(rng):
    return tuple(int(v) for v in rng.integers(0, 256, 3))


def pair(rng):
    """A background and an ink that can be told apart: mostly dark on light."""
    light, dark = rng.integers(215, 256, 3), rng.integers(0, 70, 3)
    if rng.random() < 0.3:
        light, dark = dark, light
    return tuple(map(int, light)), tuple(map(int, dark))


def canvas(rng, background):
    return Image.new("RGB", tuple(int(v) for v in rng.integers(160, 481, 2)), background)


def words(rng, count):
    return "".join(LETTERS[i] for i in rng.integers(0, len(LETTERS), count))


def upscaled(small, side, how):
    return Image.fromarray(small.astype(np.uint8)).resize((side, side), how)


def plain(rng):
    return Image.new("RGB", (160, 160), colour(rng))


def gradient(rng):
    ends = np.array([colour(rng), colour(rng)], dtype=float)
    angle = rng.random() * 2 * np.pi
    y, x = np.mgrid[-1:1:160j, -1:1:160j]
    share = np.clip(0.5 + (x * np.cos(angle) + y * np.sin(angle)) / 2, 0, 1)[..., None]
    return Image.fromarray((ends[0] * (1 - share) + ends[1] * share).astype(np.uint8))


def blobs(rng):
    cells = int(rng.integers(2, 7))
    return upscaled(rng.integers(0, 256, (cells, cells, 3)), 200, Image.BICUBIC).filter(ImageFilter.GaussianBlur(8))


def clouds(rng):
    total = np.zeros((192, 192, 3))
    for octave in range(2, 7):
        cells = 2**octave
        total += np.asarray(upscaled(rng.integers(0, 256, (cells, cells, 1 if octave % 2 else 3)).repeat(3, 2)[..., :3], 192, Image.BICUBIC)) / octave
    return Image.fromarray(np.clip(total / 1.45, 0, 255).astype(np.uint8))


def noise(rng):
    side = int(rng.choice([64, 64, 96, 160, 320]))
    return Image.fromarray(rng.integers(0, 256, (side, side, 3)).astype(np.uint8))


def normal_noise(rng):
    side = int(rng.choice([64, 96, 240]))
    values = np.array(colour(rng)) + rng.normal(0, rng.uniform(15, 80), (side, side, 3))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def grey_noise(rng):
    side = int(rng.choice([64, 96, 200]))
    return Image.fromarray(rng.integers(0, 256, (side, side, 1)).repeat(3, 2).astype(np.uint8))


def coarse_noise(rng):
    cells = int(rng.integers(8, 33))
    return upscaled(rng.integers(0, 256, (cells, cells, 3)), 192, Image.NEAREST)


def page(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw, (w, h) = ImageDraw.Draw(image), image.size
    margin, y, step = int(rng.integers(4, 30)), 10, int(rng.integers(11, 18))
    while y < h - 14:
        if rng.random() < 0.85:
            draw.text((margin, y), words(rng, int((w - 2 * margin) / 6 * rng.uniform(0.5, 1))), ink, font=FONT)
        y += step
    return image


def headline(rng):
    background, ink = pair(rng)
    small = Image.new("RGB", (int(rng.integers(50, 110)), int(rng.integers(30, 60))), background)
    draw = ImageDraw.Draw(small)
    for y in range(3, small.height - 10, 14):
        draw.text((4, y), words(rng, int(rng.integers(4, 12))), ink, font=FONT)
    return small.resize((small.width * 4, small.height * 4), Image.BICUBIC)


def table(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw, (w, h) = ImageDraw.Draw(image), image.size
    column, row = int(rng.integers(40, 90)), int(rng.integers(16, 30))
    for y in range(6, h, row):
        draw.line((6, y, w - 6, y), ink)
        for x in range(6, w - 20, column):
            draw.text((x + 4, y + 3), words(rng, int(rng.integers(2, 6))), ink, font=FONT)
    for x in range(6, w, column):
        draw.line((x, 6, x, h - 6), ink)
    return image


def bars(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw, (w, h), count, fill = ImageDraw.Draw(image), image.size, int(rng.integers(3, 14)), colour(rng)
    width = (w - 40) / count
    for n in range(count):
        top = rng.uniform(15, h - 40)
        draw.rectangle((30 + n * width, top, 30 + (n + rng.uniform(0.6, 0.9)) * width, h - 25), fill if rng.random() < 0.8 else colour(rng))
    draw.line((28, 8, 28, h - 24, w - 8, h - 24), ink, 2)
    draw.text((30, h - 16), words(rng, 20), ink, font=FONT)
    return image


def curves(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw, (w, h) = ImageDraw.Draw(image), image.size
    for y in range(20, h - 24, 30):
        draw.line((28, y, w - 8, y), tuple((a + b) // 2 for a, b in zip(background, background[::-1])))
    for _ in range(int(rng.integers(1, 5))):
        steps = np.cumsum(rng.normal(0, h / 18, 40)) + h * rng.uniform(0.3, 0.7)
        draw.line(list(zip(np.linspace(28, w - 8, 40), np.clip(steps, 8, h - 26))), colour(rng), int(rng.integers(1, 4)))
    draw.line((28, 8, 28, h - 24, w - 8, h - 24), ink, 2)
    return image


def pie(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw, (w, h), start = ImageDraw.Draw(image), image.size, 0.0
    side = min(w, h) - 30
    for share in rng.dirichlet(np.ones(int(rng.integers(2, 8)))):
        draw.pieslice((15, 15, 15 + side, 15 + side), start, start + 360 * share, colour(rng), ink)
        start += 360 * share
    return image


def strokes(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 18))):
        points = rng.random((int(rng.integers(2, 6)), 2)) * image.size
        draw.line([tuple(p) for p in points], ink, int(rng.integers(1, 6)))
    return image


def outlines(rng):
    background, ink = pair(rng)
    image = canvas(rng, background)
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(2, 10))):
        (x, y), (w, h) = rng.random(2) * image.size, rng.uniform(15, 160, 2)
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((x - w / 2, y - h / 2, x + w / 2, y + h / 2), outline=ink, width=int(rng.integers(1, 5)))
    return image


def windows(rng):
    image = canvas(rng, colour(rng))
    draw, (w, h) = ImageDraw.Draw(image), image.size
    for _ in range(int(rng.integers(1, 4))):
        background, ink = pair(rng)
        x, y = rng.integers(0, w // 2), rng.integers(0, h // 2)
        right, bottom = x + w * rng.uniform(0.4, 0.9), y + h * rng.uniform(0.4, 0.9)
        draw.rectangle((x, y, right, bottom), background, ink)
        draw.rectangle((x, y, right, y + 14), colour(rng))
        for line in range(int(y) + 20, int(min(bottom, h)) - 12, int(rng.integers(12, 20))):
            draw.text((x + 8, line), words(rng, int((right - x) / 6 * rng.uniform(0.2, 0.9))), ink, font=FONT)
    return image


def site(rng):
    background, ink = pair(rng)
    image, accent = canvas(rng, background), colour(rng)
    draw, (w, h) = ImageDraw.Draw(image), image.size
    draw.rectangle((0, 0, w, int(rng.integers(14, 40))), accent)
    side = int(w * rng.uniform(0.15, 0.35))
    for y in range(50, h - 12, 18):
        draw.text((8, y), words(rng, side // 7), ink, font=FONT)
    for y in range(50, h - 30, int(rng.integers(46, 80))):
        draw.rectangle((side + 10, y, w - 10, y + 36), tuple(int(0.9 * a + 0.1 * b) for a, b in zip(background, ink)))
        draw.text((side + 16, y + 4), words(rng, (w - side) // 8), ink, font=FONT)
        if rng.random() < 0.5:
            draw.rounded_rectangle((side + 16, y + 18, side + 60, y + 32), 4, accent)
    return image


def stripes(rng):
    ends = np.array([colour(rng), colour(rng)])
    angle, period = rng.random() * np.pi, rng.uniform(4, 60)
    y, x = np.mgrid[:192, :192]
    return Image.fromarray(ends[((x * np.cos(angle) + y * np.sin(angle)) // period % 2).astype(int)].astype(np.uint8))


def checks(rng):
    ends, period = np.array([colour(rng), colour(rng)]), int(rng.integers(6, 60))
    y, x = np.mgrid[:192, :192]
    return Image.fromarray(ends[(x // period + y // period) % 2].astype(np.uint8))


def dots(rng):
    background, fill = colour(rng), colour(rng)
    image = Image.new("RGB", (192, 192), background)
    draw, period = ImageDraw.Draw(image), int(rng.integers(10, 50))
    radius = period * rng.uniform(0.15, 0.45)
    for y in range(period // 2, 192, period):
        for x in range(period // 2, 192, period):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill)
    return image


def code(rng):
    cells = int(rng.integers(17, 42))
    bits = (rng.random((cells, cells)) < 0.5) * 255
    border = np.pad(bits, 4, constant_values=255)
    return upscaled(border[..., None].repeat(3, 2), border.shape[0] * 5, Image.NEAREST)


def barcode(rng):
    bits = np.pad((rng.random(int(rng.integers(30, 90))) < 0.5) * 255, 5, constant_values=255)
    image = np.full((len(bits) * 2, len(bits) * 3, 3), 255)
    image[10:-10] = bits.repeat(3)[None, :, None]
    return Image.fromarray(image.astype(np.uint8))


FAMILIES = {
    "colour": (plain, gradient),
    "blur": (blobs, clouds),
    "noise": (noise, normal_noise, grey_noise, coarse_noise),
    "text": (page, headline, table),
    "chart": (bars, curves, pie),
    "line-drawing": (strokes, outlines),
    "screenshot": (windows, site),
    "pattern": (stripes, checks, dots),
    "code": (code, barcode),
}


def pictures(images, seed):
    """(family, kind, number, picture) of `images` pictures of each kind."""
    for family, kinds in FAMILIES.items():
        for kind in kinds:
            rng = np.random.default_rng([seed, *kind.__name__.encode()])
            for number in range(images):
                yield family, kind.__name__, number, kind(rng)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--images", type=int, default=60, help="of each kind")
    parser.add_argument("--seed", type=int, default=1, help="background.py learns from seed 0")
    options = parser.parse_args()
    for family, kind, number, picture in pictures(options.images, options.seed):
        folder = options.out / family
        folder.mkdir(parents=True, exist_ok=True)
        picture.save(folder / f"{kind}-{number:03}.png")


if __name__ == "__main__":
    main()
