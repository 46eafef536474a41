import { SAMPLES, sampleUrl } from '../samples';
import { Texts } from '../texts';

/** Pictures to try the page with, each the button of a form of its own: no script is needed. */
export function Samples({ texts }: { texts: Texts }) {
  const { sample } = texts.uploadPage;
  return (
    <section class="samples" aria-labelledby="samples-heading">
      <h2 id="samples-heading">{sample.heading}</h2>
      <p class="hint">{sample.lead}</p>
      <ul>
        {SAMPLES.map((name) => (
          <li key={name}>
            <form method="post" action={`/samples/${name}`} data-sample={sampleUrl(name)}>
              <button type="submit" class="sample">
                <img src={sampleUrl(name)} alt="" width="96" height="96" loading="lazy" />
                {sample.names[name]}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
