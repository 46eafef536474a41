import 'reflect-metadata';
import { ClassificationResponse } from '@app/contracts/classification';
import { renderHtml } from '../send-page';
import { textsIn } from '../texts';
import { Result, resultHeading } from './result';

const GOLDFISH = {
  id: '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11',
  model: { name: 'everyday-objects', version: '1.0.0', variant: 'AllTraffic' },
  decision: 'label',
  label: 'n1',
  score: 0.87,
  predictions: [
    { label: 'n1', name: 'goldfish', description: 'An orange fish.', score: 0.87 },
    { label: 'n2', name: 'orange', score: 0.06 },
  ],
  image: { width: 400, height: 300, format: 'jpeg', bytes: 3_145_728, sha256: '0'.repeat(64) },
  timing: { decodeMs: 2.1, queueMs: 0.2, inferMs: 3.9, totalMs: 8.4 },
} satisfies ClassificationResponse;

function render(changes: Partial<ClassificationResponse> = {}): string {
  const classification = { ...GOLDFISH, ...changes };
  return renderHtml(<Result texts={textsIn('en')} classification={classification} headingLevel={2} />, 'part');
}

function headingOf(changes: Partial<ClassificationResponse>): string {
  return resultHeading(textsIn('en'), { ...GOLDFISH, ...changes });
}

describe('percents', () => {
  it.each([
    [0, '<1\u00a0%'],
    [0.0099, '<1\u00a0%'],
    [0.01, '1\u00a0%'],
    [0.345, '35\u00a0%'],
    [0.874, '87\u00a0%'],
    [0.99, '99\u00a0%'],
    [0.9901, '>99\u00a0%'],
    [1, '>99\u00a0%'],
  ])('shows %d as %s', (share, shown) => {
    expect(textsIn('en').result.percent(share)).toBe(shown);
  });
});

describe('the heading of a result', () => {
  it('says what it is and how sure the model is', () => {
    expect(headingOf({})).toBe('Goldfish, 87\u00a0% sure');
  });

  it('never claims full certainty', () => {
    expect(headingOf({ score: 1 })).toBe('Goldfish, more than 99\u00a0% sure');
  });

  it('leaves names alone that begin small for a reason', () => {
    expect(headingOf({ predictions: [{ label: 'n3', name: 'iPod', score: 0.87 }] })).toBe('iPod, 87\u00a0% sure');
  });

  it('says that the model is not sure', () => {
    expect(headingOf({ decision: 'uncertain', score: 0.41 })).toBe('Not sure. The closest is goldfish, 41\u00a0%');
  });

  it('names nothing when the image is unlike everything', () => {
    const heading = headingOf({ decision: 'unknown', label: null, score: 0.2 });
    expect(heading).toBe('This does not look like anything this model knows');
  });
});

describe('the result', () => {
  it('shows the answer, its guesses, the model and the times', () => {
    const html = render();
    expect(html).toContain('An orange fish.');
    expect(html).toMatch(/orange<\/span> <span[^>]*>6\u00a0%/);
    expect(html).toContain('Answered by everyday-objects 1.0.0 in 8 ms.');
    expect(html).toContain('400 × 300 pixels, JPEG, 3.1 MB');
  });

  it('offers the guesses for an unknown image as what they are', () => {
    const html = render({ decision: 'unknown', label: null });
    expect(html).toContain('which are probably wrong');
    expect(html).not.toContain('An orange fish.');
  });

  it('shows names and descriptions as text, whatever they hold', () => {
    const name = '<script>alert(1)</script>';
    const html = render({ predictions: [{ label: '"><b>', name, description: '<i>"&', score: 0.87 }] });
    expect(html).not.toMatch(/<script|<b>|<i>/);
    expect(html).toContain('&lt;script');
  });

  it('draws where the model looked, and says it', () => {
    const region = { x: 0.125, y: 0, width: 0.75, height: 1 };
    const heatmap = { label: 'n1', width: 2, height: 2, values: [1, 0, 0, 0], region };
    const html = render({ heatmap });
    expect(html).toContain('The model looked mostly at the upper left.');
    expect(html).toContain('It sees only the middle square');
    expect(html).toContain('viewBox="0 0 400 300"');
    expect(html).toContain('<rect x="50" y="0" width="150" height="150" fill-opacity="0.000"');
  });

  it('needs no inline style, which the content security policy forbids', () => {
    expect(render()).not.toContain('style=');
  });
});
