import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import { OpenApiHolder } from './open-api-holder';

@ApiExcludeController()
@Controller()
export class OpenApiController {
  constructor(private readonly holder: OpenApiHolder) {}

  @Get('openapi.json')
  @Header('cache-control', 'public, max-age=300')
  show(): OpenAPIObject {
    return this.holder.document;
  }
}
