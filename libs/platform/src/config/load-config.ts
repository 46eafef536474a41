import { validateSync } from 'class-validator';
import { settingsOf } from './setting';

/** sysexits.h: EX_CONFIG. */
export const EXIT_CODE_CONFIG = 78;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every fault of a configuration in one message. It names variables and rules, never values: a value may be a secret. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration is wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Fills a configuration class from the environment and validates it as a whole. Empty variables count as not set. */
export function loadConfig<T extends object>(configClass: new () => T, env: Environment): Readonly<T> {
  const config = new configClass();
  const fields = config as Record<string, unknown>;
  const settings = settingsOf(configClass);
  for (const { property, variable } of settings) {
    const text = env[variable];
    if (text === undefined || text === '') continue;
    fields[property] = convert(text, Reflect.getMetadata('design:type', configClass.prototype as object, property));
  }

  const variableOf = new Map(settings.map(({ property, variable }) => [property, variable]));
  const faults = validateSync(config).flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map((text) => text.replace(property, variableOf.get(property) ?? property)),
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

/** For `main.ts`: a wrong configuration ends the process before it listens. */
export function loadConfigOrExit<T extends object>(configClass: new () => T, env: Environment): Readonly<T> {
  try {
    return loadConfig(configClass, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CODE_CONFIG);
  }
}

/** What cannot be converted stays as it is, for the validator to refuse. */
function convert(text: string, type: unknown): unknown {
  if (type === Number) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (type === Boolean) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
