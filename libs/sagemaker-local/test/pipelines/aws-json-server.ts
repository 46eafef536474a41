/** The least of awsJson1.1 that lets the AWS SDK call operations of a service, for tests of that service alone. */
import { createServer, Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { OperationInput, Operations, SageMakerFault } from '../../src/control-plane/operation';

export async function serveOperations(
  operations: Operations,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    const name = String(request.headers['x-amz-target']).replace('SageMaker.', '');
    void text(request)
      .then((body) => operations[name]?.(JSON.parse(body) as OperationInput)) // the SDK sends objects
      .then(
        (output) => answer(200, output ?? {}),
        (error: unknown) => {
          const fault = error instanceof SageMakerFault ? error : new SageMakerFault('InternalFailure', String(error));
          answer(fault.status, { __type: fault.type, message: fault.message });
        },
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, server };
}
