import { ProblemError } from '@app/contracts';
import { problemTexts, Texts } from '../texts';
import { Layout } from './layout';

/** What a problem's `type` leads to: what the kind of problem is, by an example. */
export function ProblemKindPage({ texts, example }: { texts: Texts; example: ProblemError }) {
  const { title, detail } = problemTexts(example);
  const { problems } = texts;
  return (
    <Layout texts={texts} title={title}>
      <p class="kicker">{problems.kind}</p>
      <h1>{title}</h1>
      <dl class="facts card">
        <div>
          <dt>{problems.code}</dt>
          <dd>
            <code>{example.code}</code>
          </dd>
        </div>
        <div>
          <dt>{problems.status}</dt>
          <dd>{example.status}</dd>
        </div>
        <div>
          <dt>{problems.says}</dt>
          <dd>{detail}</dd>
        </div>
      </dl>
      <p>{problems.lead}</p>
      <pre class="card">
        <code>{JSON.stringify(example.toDocument('0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d11'), null, 2)}</code>
      </pre>
    </Layout>
  );
}
