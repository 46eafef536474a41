import { wrap } from './wrap';

describe('a line that is too long', () => {
  it('is broken between words, and goes on below its second column', () => {
    expect(wrap('ml        new, 34 resources: SSM 14, IAM 6, EventBridge 5', 32, 10)).toEqual([
      'ml        new, 34 resources: SSM',
      '          14, IAM 6, EventBridge',
      '          5',
    ]);
  });
  it('is left alone where it fits, or has no place to be broken at', () => {
    expect(wrap('  ~ Role (IAM role) changed', 80, 4)).toEqual(['  ~ Role (IAM role) changed']);
    expect(wrap('  arn:aws:iam::123456789012:role/x', 10, 2)).toEqual(['  arn:aws:iam::123456789012:role/x']);
  });
});
