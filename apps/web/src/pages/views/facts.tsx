import { ComponentChildren } from 'preact';

/** A name and its value; what has no value is left out. */
export type Fact = readonly [string, ComponentChildren | undefined];

/** Names and values, one under the other. */
export function Facts({ facts, kind = '' }: { facts: readonly Fact[]; kind?: 'card' | '' }) {
  return (
    <dl class={`facts ${kind}`}>
      {facts.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
