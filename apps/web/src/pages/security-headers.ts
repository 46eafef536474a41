import { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers for every reply of the gateway: nothing but our own files may run or be loaded, and nobody may frame us.
 * All of them make sense over plain HTTP too: no upgrade to HTTPS, and no header that browsers ignore there with a warning.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
  });
}
