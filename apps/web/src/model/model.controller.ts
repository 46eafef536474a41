import { MediaType, ProblemError } from '@app/contracts';
import { ModelResponse } from '@app/contracts/classification';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Problems } from '../api-docs/problems.decorator';
import { ClassificationService } from '../classification/classification.service';
import { languageOf, nameLanguage } from '../language';

@ApiTags('model')
@Controller('api/v1/model')
export class ModelController {
  constructor(private readonly service: ClassificationService) {}

  @Get()
  @ApiOperation({
    operationId: 'describeModel',
    summary: 'Describe the deployed model',
    description: 'Name, version, labels, thresholds and measured figures of the model that answers at the moment.',
  })
  @ApiResponse({ status: 200, description: 'The deployed model.', type: ModelResponse })
  @Problems('not-acceptable', 'service-unavailable', 'model-unavailable', 'model-missing', 'deadline-exceeded')
  async describe(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<ModelResponse> {
    if (!request.accepts(MediaType.json)) throw new ProblemError('not-acceptable', { available: [MediaType.json] });
    const language = languageOf(request);
    const model = await this.service.describeModel(language, request);
    nameLanguage(response, language);
    return model;
  }
}
