import { ProblemError } from '@app/contracts';
import { StatusResponse } from '@app/contracts/classification';
import { StatusReportResponse, StatusRequest } from '@app/contracts/monitoring';
import { PRODUCT_BUILD, PRODUCT_VERSION } from '@app/platform';
import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Problems } from '../api-docs/problems.decorator';
import { languageOf, nameLanguage } from '../language';
import { MonitoringService } from './monitoring.service';
import { StatusService } from './status.service';

export class VersionResponse {
  @ApiProperty({ description: 'Version of the product.', example: '1.0.0' })
  readonly version!: string;

  @ApiProperty({
    description:
      'The container image that answers: the first 12 digits of its content key; `local` outside of an image.',
    example: '25d66a74a3ad',
  })
  readonly build!: string;
}

@ApiTags('service')
@Controller()
export class StatusController {
  constructor(
    private readonly status: StatusService,
    private readonly monitoring: MonitoringService,
  ) {}

  @Get('api/v1/status')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'getStatus', summary: 'Tell how every tier is, and what the model saw lately' })
  @ApiResponse({ status: 200, description: 'State of every tier.', type: StatusReportResponse })
  @Problems('invalid-parameter')
  async show(
    @Query() { window }: StatusRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusReportResponse> {
    const language = languageOf(request);
    nameLanguage(response, language);
    const [status, monitoring] = await Promise.all([
      this.status.status(language, request),
      this.monitoring.monitoring(window, request),
    ]);
    return { status: status.status, tiers: status.tiers, monitoring };
  }

  @Get('health')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'getHealth',
    summary: 'Tell whether an image can be classified',
    description:
      'Looks through all tiers. For load balancers there are `/health/live` and `/health/ready`, which do not.',
  })
  @ApiResponse({ status: 200, description: 'All tiers are well.', type: StatusResponse })
  @Problems('service-unavailable')
  async health(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<StatusResponse> {
    const language = languageOf(request);
    nameLanguage(response, language);
    const status = await this.status.status(language, request);
    if (status.status !== 'ok') throw new ProblemError('service-unavailable', { retryAfterSeconds: 5 });
    return status;
  }

  @Get('version')
  @ApiOperation({ operationId: 'getVersion', summary: 'Tell the version of the product, and its build' })
  @ApiResponse({ status: 200, description: 'The version.', type: VersionResponse })
  @Problems()
  version(): VersionResponse {
    return { version: PRODUCT_VERSION, build: PRODUCT_BUILD };
  }
}
