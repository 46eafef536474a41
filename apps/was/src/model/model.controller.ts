import { DeployedModel } from '@app/contracts/classification';
import { Context, type RequestContext } from '@app/platform';
import { Controller, Get } from '@nestjs/common';
import { ModelDirectory } from './model-directory';

@Controller('v1/model')
export class ModelController {
  constructor(private readonly directory: ModelDirectory) {}

  @Get()
  async show(@Context() context: RequestContext): Promise<DeployedModel> {
    return await this.directory.deployed(context);
  }
}
