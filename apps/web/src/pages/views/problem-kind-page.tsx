import { ProblemError } from '@app/contracts';
import { problemTexts, Texts } from '../texts';
import { Facts } from './facts';
import { Layout } from './layout';

/** What a problem's `type` leads to: what the kind of problem is, by an example. */
export function ProblemKindPage({ texts, example }: { texts: Texts; example: ProblemError }) {
  const { title, detail } = problemTexts(texts, example);
  const { problems } = texts;
  return (
    <Layout texts={texts} title={title}>
      <p class="kicker">{problems.kind}</p>
      <h1>{title}</h1>
      <Facts
        kind="card"
        facts={[
          [problems.code, <code>{example.code}</code>],
          [problems.status, example.status],
          [problems.says, detail],
        ]}
      />
      <p id="example">{problems.lead}</p>
      <pre class="card" tabIndex={0} role="region" aria-labelledby="example">
        <code>
          {JSON.stringify(example.toDocument('0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11', texts.problemTexts), null, 2)}
        </code>
      </pre>
    </Layout>
  );
}
