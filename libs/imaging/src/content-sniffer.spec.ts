import { CONTENT_KINDS } from '@app/contracts';
import { photo, unsupportedFiles } from '../../../test/support/images';
import { sniffContentKind, sniffImageFormat } from './content-sniffer';

describe('sniffImageFormat', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('knows %s by its first bytes', async (format) => {
    expect(sniffImageFormat(await photo({ width: 8, height: 8, format }))).toBe(format);
  });

  it('knows nothing else', async () => {
    const files = await unsupportedFiles();

    expect(files.filter(({ bytes }) => sniffImageFormat(bytes) !== undefined)).toEqual([]);
    expect(sniffImageFormat(Buffer.alloc(0))).toBeUndefined();
    expect(sniffImageFormat(Buffer.from('RIFF1234WAVE'))).toBeUndefined();
  });
});

describe('sniffContentKind', () => {
  it('names what people take for a photo, or send by mistake', async () => {
    const files = await unsupportedFiles();

    for (const { name, bytes, looksLike } of files) {
      const kind = sniffContentKind(bytes);
      expect(`${name}: ${kind === undefined ? 'does not look like an image' : CONTENT_KINDS[kind]}`).toMatch(looksLike);
    }
  });

  it('knows a HEIC photo, and there is a way for it to become a JPEG', () => {
    expect(CONTENT_KINDS.heic).toContain('Most Compatible');
    expect(sniffContentKind(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))).toBe('heic');
  });

  it('knows text in any language, also where the look ends within a character', () => {
    expect(sniffContentKind(Buffer.from('안녕하세요 '.repeat(100)))).toBe('text');
  });
});
