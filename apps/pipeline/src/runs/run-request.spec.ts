import { HYPERPARAMETERS, Hyperparameter, HyperparameterName } from '@app/contracts/learning';
import { checkedValue, requestParameters } from './run-request';

const hyperparameter = (name: string): Hyperparameter => {
  const found = HYPERPARAMETERS.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

it.each([
  ['l2-strength', 'auto'],
  ['l2-strength', '1e-3'],
  ['epochs', '30'],
  ['method', 'epochs'],
])('takes %s %s', (name, value) => expect(checkedValue(hyperparameter(name), value)).toBe(value));

it.each([
  ['epochs', '1.5', 'It must be a whole number from 1 to 10000.'],
  ['epochs', '', 'It must be a whole number from 1 to 10000.'],
  ['learning-rate', 'fast', 'It must be a number from 1e-9 to 1000.'],
  ['method', 'guess', 'It must be one of fit, epochs.'],
  ['model-name', 'A B', 'It must be lower-case words with dashes, for example `flowers`.'],
])('refuses %s %s', (name, value, message) => {
  expect(() => checkedValue(hyperparameter(name), value)).toThrow(new RangeError(message));
});

it('sets a share aside only when there is no test data', () => {
  const request = { data: 'd', hyperparameters: new Map<HyperparameterName, string>(), approve: false };
  expect(requestParameters(request).get('TestShare')).toBe('0.15');
  expect(
    requestParameters({
      ...request,
      hyperparameters: new Map<HyperparameterName, string>([['test-share', '0.3']]),
    }).get('TestShare'),
  ).toBe('0.3');
  expect(requestParameters({ ...request, test: 't' }).has('TestShare')).toBe(false);
});
