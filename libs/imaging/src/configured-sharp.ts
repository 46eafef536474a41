// sharp as this product uses it. Set up here, once per process and before the first image; nothing else imports sharp.
import sharp from 'sharp';

// Loaders nobody needs are attack surface (SVG would even be parsed by librsvg). Paths are closed along with them: only
// bytes that are already in memory are ever decoded.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

// No image comes twice, and threads inside one image gain nothing: several images at a time use the cores better.
sharp.cache(false);
sharp.concurrency(1);

export { sharp };
