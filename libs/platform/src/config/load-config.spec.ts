import { IsBoolean, IsInt, IsString, MinLength } from 'class-validator';
import { ConfigError, loadConfig } from './load-config';
import { PlatformConfig } from './platform.config';
import { FromEnv, settingsOf } from './setting';

class SampleConfig extends PlatformConfig {
  @FromEnv('SAMPLE_PORT', 'Port')
  @IsInt()
  readonly port: number = 1;

  @FromEnv('SAMPLE_OPEN', 'Whether it is open')
  @IsBoolean()
  readonly isOpen: boolean = false;

  @FromEnv('SAMPLE_SECRET', 'Secret')
  @IsString()
  @MinLength(8)
  readonly secret: string = 'changeit';
}

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(SampleConfig, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('loadConfig', () => {
  it('fills fields from their variables by type, and leaves defaults where nothing is set', () => {
    const config = loadConfig(SampleConfig, { SAMPLE_PORT: '9000', SAMPLE_OPEN: 'true', SAMPLE_SECRET: '' });

    expect({ ...config }).toEqual({
      port: 9000,
      isOpen: true,
      secret: 'changeit',
      logLevel: 'info',
      drainDelayMs: 3000,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every fault by its variable, in one error', () => {
    const faults = faultsOf({ SAMPLE_PORT: 'many', SAMPLE_OPEN: 'yes', LOG_LEVEL: 'loud' });

    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).toMatch(/SAMPLE_PORT must be an integer/);
    expect(faults.join('\n')).toMatch(/SAMPLE_OPEN must be a boolean/);
    expect(faults.join('\n')).toMatch(/LOG_LEVEL must be one of/);
  });

  it('never repeats a value: it may be a secret', () => {
    expect(faultsOf({ SAMPLE_SECRET: 's3cret' }).join()).not.toContain('s3cret');
  });

  it('lists the settings of a class with those it inherits', () => {
    expect(settingsOf(SampleConfig).map(({ variable }) => variable)).toEqual([
      'LOG_LEVEL',
      'DRAIN_DELAY_MS',
      'SAMPLE_PORT',
      'SAMPLE_OPEN',
      'SAMPLE_SECRET',
    ]);
  });
});
