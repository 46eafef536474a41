import { PRODUCT_VERSION } from '@app/platform';
import { INestApplication } from '@nestjs/common';
import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The API as an OpenAPI 3.1 document, made from the controllers. */
export function buildOpenApiDocument(app: INestApplication): OpenAPIObject {
  const description = [
    'Send a photo and learn what is on it, how sure the model is, and where it looked.',
    'Refusals are problems as RFC 9457 describes them; `code` is stable, `detail` says what to do.',
    'Names of labels, problems and states come in the language of `Accept-Language` (English or Korean).',
  ].join(' ');
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Image classification')
    .setDescription(description)
    .setVersion(PRODUCT_VERSION)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This server')
    .addTag('classifications', 'What is on an image.')
    .addTag('feedback', 'Whether an answer was right.')
    .addTag('model', 'The model that answers.')
    .addTag('service', 'How the service is.')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  return withoutNullable({ ...document, security: [] }) as OpenAPIObject;
}

/** OpenAPI 3.1 has JSON Schema's `type: [..., "null"]` in place of 3.0's `nullable`, which the decorators still write. */
function withoutNullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNullable);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, withoutNullable(value)] as const);
  const { nullable, ...schema } = Object.fromEntries(entries);
  return nullable === true ? { ...schema, type: [schema['type'], 'null'] } : schema;
}
