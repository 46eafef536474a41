import { groupLabels } from './group-labels';

const named = (...names: string[]) => names.map((name) => ({ id: name, name }));
const grouped = (language: 'en' | 'ko', ...names: string[]) =>
  groupLabels(named(...names), language).map(
    ({ initial, labels }) => `${initial}: ${labels.map(({ name }) => name).join(' ')}`,
  );

describe('groupLabels', () => {
  it('puts names under their first letter, whatever its case and accents', () => {
    expect(grouped('en', 'iPod', 'pizza', 'éclair', 'Egyptian cat', 'icicle', '747')).toEqual([
      '#: 747',
      'E: éclair Egyptian cat',
      'I: icicle iPod',
      'P: pizza',
    ]);
  });

  it('puts Korean names under their first consonant', () => {
    expect(grouped('ko', '토끼', '금붕어', '까치', '가방', '하마', '나비', 'iPod')).toEqual([
      'ㄱ: 가방 금붕어 까치',
      'ㄴ: 나비',
      'ㅌ: 토끼',
      'ㅎ: 하마',
      'I: iPod',
    ]);
  });
});
