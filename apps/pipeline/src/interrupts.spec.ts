import { Interrupts } from './interrupts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('leaves at once when there is nothing to end in order', () => {
  const leave = jest.fn();
  new Interrupts(leave).interrupt();
  expect(leave).toHaveBeenCalledTimes(1);
});

it('ends in order at the first, which npm passes on a second time, and leaves at the next', () => {
  const leave = jest.fn();
  const interrupts = new Interrupts(leave);
  const signal = interrupts.takeOver();
  interrupts.interrupt();
  interrupts.interrupt();
  expect([signal.aborted, leave.mock.calls.length]).toEqual([true, 0]);
  jest.advanceTimersByTime(1000);
  interrupts.interrupt();
  expect(leave).toHaveBeenCalledTimes(1);
});
