import { ProblemError } from '@app/contracts';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { findAsset } from './assets';

/** Style sheets, scripts and pictures of the pages. */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  @Get(':file')
  async asset(@Param('file') file: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const found = findAsset(file);
    if (found === undefined) throw new ProblemError('not-found', {});
    const { asset, isOwn } = found;
    const encoding = asset.isCompressible && request.acceptsEncodings('gzip') === 'gzip' ? 'gzip' : 'plain';
    const body = await asset.body(encoding);
    response.setHeader('cache-control', isOwn ? 'public, max-age=31536000, immutable' : 'no-store');
    response.setHeader('etag', `W/"${asset.fileName}"`);
    response.vary('accept-encoding');
    if (encoding === 'gzip') response.setHeader('content-encoding', encoding);
    response.type(asset.contentType).send(body);
  }
}
