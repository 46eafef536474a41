import { Injectable } from '@nestjs/common';
import { OpenAPIObject } from '@nestjs/swagger';

/** Holds the OpenAPI document, which can only be made once the whole app is there. */
@Injectable()
export class OpenApiHolder {
  private made: OpenAPIObject | undefined;

  set document(document: OpenAPIObject) {
    this.made = document;
  }

  get document(): OpenAPIObject {
    if (this.made === undefined) throw new Error('the OpenAPI document was not made: use createWebApp');
    return this.made;
  }
}
