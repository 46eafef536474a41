import { MediaType, PROBLEM_CATALOGUE, ProblemCode } from '@app/contracts';
import { ProblemResponse } from '@app/contracts/classification';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

/** Problems that every route can give. */
const ALWAYS = ['too-many-requests', 'headers-too-large', 'internal-error'] as const satisfies readonly ProblemCode[];

/** Declares the problems a route can give; they appear in the OpenAPI document, grouped by status. */
export function Problems(...codes: readonly ProblemCode[]): MethodDecorator {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...codes, ...ALWAYS]) {
    const { status } = PROBLEM_CATALOGUE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return applyDecorators(
    ApiExtraModels(ProblemResponse),
    ...[...byStatus].map(([status, codes]) =>
      ApiResponse({
        status,
        description: codes.map((code) => `${PROBLEM_CATALOGUE[code].title} (\`${code}\`).`).join(' '),
        content: { [MediaType.problem]: { schema: { $ref: getSchemaPath(ProblemResponse) } } },
        ...(status === 429 || status === 503 ? { headers: RETRY_AFTER } : {}),
      }),
    ),
  );
}

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait before trying again.', schema: { type: 'integer' as const } },
};
