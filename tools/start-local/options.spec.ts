import { HELP, parseOptions } from './options';

describe('the command line', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toEqual({
      help: false,
      port: undefined,
      host: '127.0.0.1',
      model: undefined,
      state: '.aws-local',
      monitor: true,
    });
  });

  it('takes port, model, host and state', () => {
    const argv = ['--port', '9000', '--model=my-model', '--host', '0.0.0.0', '--state', '/state'];

    expect(parseOptions(argv)).toMatchObject({
      port: 9000,
      model: 'my-model',
      host: '0.0.0.0',
      state: '/state',
    });
  });

  it('does without monitor when told to', () => {
    expect(parseOptions(['--no-monitor'])).toMatchObject({ monitor: false });
  });

  it.each([
    [['--prot', '9000'], "Unknown option '--prot'."],
    [['9000'], "Unexpected argument '9000'. This command does not take positional arguments."],
    [['--port'], "Option '--port <value>' argument missing."],
    [['--port', 'abc'], '--port must be a number between 1 and 65535, not "abc".'],
    [['--port', '0'], '--port must be a number between 1 and 65535, not "0".'],
    [['--model', ''], '--model must not be empty.'],
    [['--state='], '--state must not be empty.'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });

  it('is described by its help', () => {
    for (const name of ['--port', '--model', '--state', '--host', '--no-monitor', '--help', 'LOG_LEVEL', 'NO_COLOR']) {
      expect(HELP).toContain(name);
    }
  });
});
