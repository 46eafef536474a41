/** A process that runs the pipeline of a bench, for tests that kill it: `main.js FOLDER`. Prints how the execution ended. */
import { PipelineBench } from '../pipeline-bench';

async function main(): Promise<void> {
  const [, , root = ''] = process.argv;
  const bench = new PipelineBench(root);
  const arn = await bench.start();
  console.log(`started ${arn}`);
  const { PipelineExecutionStatus: status } = await bench.ended(arn);
  console.log(`ended ${JSON.stringify(status)}`);
}

void main();
