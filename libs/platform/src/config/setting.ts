import 'reflect-metadata';

// The typed configuration of an app: a class whose fields name the environment variables they are read from.

export interface Setting {
  readonly property: string;
  readonly variable: string;
  /** One phrase for the table in the app's README. */
  readonly meaning: string;
}

const settingsKey = Symbol('settings');

/** Reads the field from this environment variable; the field's initial value is the default. */
export function FromEnv(variable: string, meaning: string): PropertyDecorator {
  return (target, property) => {
    const settings = [...settingsOf(target.constructor), { property: String(property), variable, meaning }];
    Reflect.defineMetadata(settingsKey, settings, target.constructor);
  };
}

/** The settings of a configuration class, inherited ones first. */
export function settingsOf(configClass: object): readonly Setting[] {
  return (Reflect.getMetadata(settingsKey, configClass) as readonly Setting[] | undefined) ?? [];
}
