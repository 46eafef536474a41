import { EvaluationReport } from '@app/contracts/learning';
import { EvaluationFixtureOptions, evaluationFixture } from '../testing';
import { evaluationPage, EvaluationPageFacts } from './evaluation-page';

const FLOWERS = ['daisy', 'dandelion', 'sunflower'].map((name) => ({ id: `${name}-id`, name }));
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');

function flowers(options: Partial<EvaluationFixtureOptions> = {}): EvaluationReport {
  return evaluationFixture({ labels: FLOWERS, imagesPerClass: 132, margin: 4.8, seed: 3, ...options }).report;
}

function manyClasses(classes: number): EvaluationReport {
  const labels = Array.from({ length: classes }, (_, index) => ({ id: `n${index}`, name: `thing number ${index}` }));
  return evaluationFixture({ labels, imagesPerClass: 10, margin: 3.6, deployedMargin: 3.6 }).report;
}

const FLOWERS_REPORT = flowers();
const COMPARED_FLOWERS = flowers({ deployedMargin: 4.4 });
const TWELVE_CLASSES = manyClasses(12);
const MANY_CLASSES = manyClasses(200);

const MISTAKE = {
  path: 'daisy/7.jpg',
  label: 'daisy-id',
  predicted: 'dandelion-id',
  score: 0.9731,
  image: PIXEL,
  mediaType: 'image/gif',
};

function render(report: EvaluationReport, mistakes: EvaluationPageFacts['mistakes'] = []): string {
  return evaluationPage({ report, mistakes });
}

/** What a person reads: no tags, and figures with plain spaces. */
function textOf(html: string): string {
  return html
    .replace(/<style.*<\/style>/s, '')
    .replace(/<[^>]+>/g, '|')
    .replaceAll('\u00a0', ' ')
    .replace(/\s*\|+(?=[.,;:])/g, '')
    .replace(/\|+/g, ' ')
    .replace(/\s+/g, ' ');
}

function allOf(html: string, pattern: RegExp): string[] {
  return Array.from(html.matchAll(pattern), ([, found]) => found ?? '');
}

/** Of all kinds of report that are unlike each other. */
const KINDS: Readonly<Record<string, () => EvaluationReport>> = {
  'three classes, nothing deployed': () => FLOWERS_REPORT,
  'three classes, compared': () => COMPARED_FLOWERS,
  'twelve classes': () => TWELVE_CLASSES,
  '200 classes': () => MANY_CLASSES,
};

describe.each(Object.entries(KINDS))('the page of a report of %s', (_, make) => {
  const html = render(make(), [MISTAKE]);

  it('stands alone: no script, no form, and nothing from elsewhere', () => {
    expect(html).not.toMatch(/https?:|<script|<link|<iframe|<form|@import|url\(|\son\w+=/i);
    expect(allOf(html, /\ssrc="([^"]*)"/g).filter((source) => !source.startsWith('data:'))).toEqual([]);
    expect(allOf(html, /\shref="([^"]*)"/g).filter((target) => !target.startsWith('#'))).toEqual([]);
    expect(html).toContain("default-src 'none'; img-src data:;");
  });

  it('has one main heading, and no level is left out', () => {
    const levels = allOf(html, /<h([1-6])/g).map(Number);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
    expect(html).toMatch(/<html lang="en">.*<main>.*<\/main>/s);
  });

  it('names every table, heads every column and row, and fills every row', () => {
    const tables = allOf(html, /(<table.*?<\/table>)/gs);
    expect(tables.filter((table) => !/<caption>[^<]+<\/caption>|^<table[^>]* aria-labelledby=/.test(table))).toEqual(
      [],
    );
    expect(allOf(html, /(<th(?=[ >])(?! scope="(?:col|row)")[^>]*>)/g)).toEqual([]);
    for (const table of tables) {
      const columns = allOf(table, /(<th scope="col")/g).length;
      const rows = allOf(table.replace(/<thead.*<\/thead>/s, ''), /<tr>(.*?)<\/tr>/gs);
      expect(rows.map((row) => allOf(row, /<(t[hd])(?=[ >])/g).length)).toEqual(rows.map(() => columns));
    }
  });

  it('says in words what a picture shows, or that it adds nothing', () => {
    const pictures = allOf(html, /(<svg.*?<\/svg>)/gs);
    const silent = pictures.filter((picture) => !/^<svg[^>]* aria-hidden="true"/.test(picture));
    expect(silent.length).toBeGreaterThan(2);
    expect(silent.filter((picture) => !/ role="img".*<title id=.*<desc id=/s.test(picture))).toEqual([]);
    expect(allOf(html, /(<img(?![^>]* alt[=/ >])[^>]*>)/g)).toEqual([]);
  });

  it('uses an id once, and refers to none that is not there', () => {
    const ids = allOf(html, /\sid="([^"]*)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = [
      ...allOf(html, /aria-labelledby="([^"]*)"/g).flatMap((names) => names.split(' ')),
      ...allOf(html, /href="#([^"]*)"/g),
    ];
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it('says how to read each section, and shows no figure that is none', () => {
    const text = textOf(html);
    expect(text.split('How to read this.')).toHaveLength(11);
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

describe('the verdict', () => {
  it('says accuracy, interval, calibration and parity', () => {
    const text = textOf(render(FLOWERS_REPORT));
    expect(text).toContain('flowers gets 97.0 % of the test images right');
    expect(text).toContain('384 of 396. Of other images of the same kind, expect 94.8 % to 98.3 % (95 % interval).');
    expect(text).toMatch(/Scores are off by \d\.\d points? on average/);
    expect(text).toContain('The service answers as the training did. Same answer for 100.0 % of 396 images');
    expect(text).toContain('Not compared with a deployed model. No model is deployed yet.');
  });

  it('says that few images say little', () => {
    const labels = FLOWERS.slice(0, 2);
    const text = textOf(render(evaluationFixture({ labels, imagesPerClass: 10, margin: 9 }).report));
    expect(text).toContain('gets all 20 test images right');
    expect(text).toContain('expect 83.9 % to 100.0 % (95 % interval). So few test images cannot say more.');
    expect(text).toContain('None of the 20 test images was called something else.');
  });

  it.each([
    { is: 'clearly better', margin: 5.4, deployedMargin: 4.1, says: 'Better than the deployed model.', tone: 'good' },
    { is: 'clearly worse', margin: 4.1, deployedMargin: 5.4, says: 'Worse than the deployed model.', tone: 'bad' },
    { is: 'better by chance', margin: 4.8, deployedMargin: 4.4, says: 'No clear difference', tone: 'good' },
    { is: 'worse by chance', margin: 4.4, deployedMargin: 4.8, says: 'No clear difference', tone: 'caution' },
  ])('says $says of a model that is $is', ({ margin, deployedMargin, says, tone }) => {
    const html = render(flowers({ margin, deployedMargin }));
    expect(html).toMatch(new RegExp(`class="verdict ${tone}">(?:(?!</li>).)*${says}`, 's'));
  });

  it('says that two models are equally accurate', () => {
    const report = COMPARED_FLOWERS;
    const deployed = { name: 'before', accuracy: report.quality.accuracy };
    const text = textOf(render({ ...report, comparison: { ...report.comparison, deployed } }));
    expect(text).toContain('As accurate as the deployed model. before gets 97.0 % right.');
  });

  it('warns when the service answers otherwise than training did', () => {
    const report = FLOWERS_REPORT;
    const html = render({ ...report, parity: { images: 396, agreement: 0.99, largestDifference: 0.043 } });
    expect(html).toMatch(/class="verdict bad">(?:(?!<\/li>).)*does not answer as the training did/s);
    expect(textOf(html)).toContain('Held no');
  });

  it('warns when calibration has made scores worse', () => {
    const report = FLOWERS_REPORT;
    const { afterCalibration, ...quality } = report.quality;
    const worse = { ...afterCalibration, ece: 0.2, logLoss: 1 };
    expect(textOf(render({ ...report, quality: { ...quality, afterCalibration: worse } }))).toContain(
      'calibration has made the scores worse',
    );
  });
});

describe('the comparison with the deployed model', () => {
  it('counts who gets which images right', () => {
    const report = COMPARED_FLOWERS;
    const { changes } = report.comparison;
    expect(changes).toMatchObject({ onlyFirstRight: 9, onlySecondRight: 15 });
    const text = textOf(render(report));
    expect(text).toContain('15 images are right with this model alone, 9 with the deployed one alone.');
    expect(text).toContain('could be chance (p = 0.307)');
    expect(text).toContain('Deployed one right 369 9 Deployed one wrong 15 3');
  });

  it('says why there is none', () => {
    const comparison = { comparable: 0 as const, explanation: 'It knows other classes.', accuracyDrop: 0 };
    const text = textOf(render({ ...FLOWERS_REPORT, comparison }));
    expect(text.split('It knows other classes.')).toHaveLength(3);
    expect(text).not.toContain('Deployed one right');
  });
});

describe('classes', () => {
  it('are named in the columns of the confusion matrix when they are few', () => {
    const html = render(FLOWERS_REPORT);
    expect(textOf(html)).toContain('Is daisy dandelion sunflower daisy 126 6 0 dandelion 3 127 2 sunflower 1 0 131');
    expect(html).not.toContain('The most frequent');
  });

  it('are numbered when they are more, and the worst pairs are listed', () => {
    const text = textOf(render(TWELVE_CLASSES));
    expect(text).toContain('Is 1 thing number 0 2 thing number 1');
    expect(text).toMatch(/The most frequent of \d+ kinds of mistake/);
  });

  it('come with the worst first', () => {
    const { perClass } = FLOWERS_REPORT.quality;
    const worst = perClass.toSorted((a, b) => a.f1 - b.f1)[0];
    expect(textOf(render(FLOWERS_REPORT))).toContain(
      `All classes, the worst first Class Images Precision Recall F1 ${worst?.name}`,
    );
  });

  it('of large numbers become a picture of few nodes, and a table that opens', () => {
    const html = render(MANY_CLASSES);
    const grid = allOf(html, /(<figure class="heat-grid">.*?<\/figure>)/gs)[0] ?? '';
    expect(allOf(grid, /<(path)/g).length).toBeLessThanOrEqual(10);
    expect(textOf(grid)).toContain('shares of a class below 1.0 % are not drawn');
    expect(html).toMatch(/<details>\s*<summary>All 200 classes<\/summary>/);
    expect(allOf(html, /<tr>/g).length).toBeLessThan(600);
  });

  it('without a test image are no figure that is none', () => {
    const report = FLOWERS_REPORT;
    const quality = { ...report.quality, confusion: [[0, 0, 0], ...report.quality.confusion.slice(1)] };
    expect(render({ ...report, quality })).not.toContain('NaN');
  });
});

describe('the size', () => {
  const thumbnails = Array.from({ length: 24 }, (_, at) => ({
    ...MISTAKE,
    path: `${at}.jpg`,
    image: new Uint8Array(6_000),
  }));

  it('is below 400 KB for 200 classes with 24 thumbnails', () => {
    expect(Buffer.byteLength(render(MANY_CLASSES, thumbnails))).toBeLessThan(400_000);
  });

  it.each([1, 2])('is bounded, however the answers are spread (every cell of %d)', (step) => {
    const confusion = MANY_CLASSES.quality.confusion.map((row, actual) =>
      row.map((_, at) => ((actual + at) % step === 0 ? 1 : 0)),
    );
    const html = render({ ...MANY_CLASSES, quality: { ...MANY_CLASSES.quality, confusion } }, thumbnails);
    expect(Buffer.byteLength(html)).toBeLessThan(560_000);
  });

  it('is about 250 KB for three classes with 24 thumbnails', () => {
    expect(Buffer.byteLength(render(FLOWERS_REPORT, thumbnails))).toBeLessThan(260_000);
  });
});

describe('what people wrote', () => {
  const NAMES = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'; </style><b>&amp;",
    'زهرة دوار الشمس',
    '해바라기'.repeat(20),
    '\u202egnp.exe',
  ];

  it('is shown as text, in a place of its own direction', () => {
    const labels = NAMES.map((name) => ({ id: name, name }));
    const { report } = evaluationFixture({
      name: NAMES[0] ?? '',
      labels,
      imagesPerClass: 9,
      margin: 3,
      deployedMargin: 2,
    });
    const [script = '', image = ''] = NAMES;
    const html = evaluationPage({
      report: {
        ...report,
        test: { ...report.test, leftOut: [{ path: script, reason: image, message: image }] },
        outOfSet: report.outOfSet.map((figures, at) => ({ ...figures, name: NAMES[at] ?? '' })),
        comparison: { ...report.comparison, explanation: script, deployed: { name: image, accuracy: 0.1 } },
      },
      mistakes: [{ ...MISTAKE, label: script, predicted: image, path: image, mediaType: image }],
    });
    expect(html).not.toMatch(/<script|<img src=x|<b>/);
    expect(allOf(html, /<(\/style)>/g)).toHaveLength(1);
    for (const name of NAMES.slice(3)) expect(html).toContain(`<bdi class="name">${name}</bdi>`);
  });
});

describe('the worst mistakes', () => {
  it('say what the image is and what it was called, with its path', () => {
    const html = render(FLOWERS_REPORT, [MISTAKE]);
    expect(html).toContain(`<img src="data:image/gif;base64,${PIXEL.toString('base64')}" alt`);
    const text = textOf(html);
    expect(text).toContain('is daisy, was called dandelion, 97.3 % daisy/7.jpg');
    expect(text).toContain('12 images were called something else; here is the worst');
  });

  it('of labels that the model does not know show their id', () => {
    expect(textOf(render(FLOWERS_REPORT, [{ ...MISTAKE, label: 'rose-id' }]))).toContain(
      'is rose-id, was called dandelion',
    );
  });
});

describe('other facts', () => {
  it('say what was left out, and why', () => {
    const report = FLOWERS_REPORT;
    const leftOut = [{ path: 'daisy/broken.jpg', reason: 'undecodable', message: 'The image cannot be decoded.' }];
    const text = textOf(render({ ...report, test: { ...report.test, setAside: true, leftOut } }));
    expect(text).toContain('Left out 1 file');
    expect(text).toContain('daisy/broken.jpg: The image cannot be decoded.');
    expect(text).toContain('a part of the training data that was set aside');
  });

  it('are left out when the report does not hold them', () => {
    const report = FLOWERS_REPORT;
    const { name, created, labels, temperature } = report.model;
    const model = { name, created, labels, temperature, thresholds: { uncertain: 0.5 } };
    const text = textOf(render({ ...report, model, outOfSet: [] }));
    expect(text).not.toMatch(/Training images|Hash of the/);
    expect(text).toContain('No images of other things were tested.');
    expect(text).toContain('never: no threshold');
  });
});
