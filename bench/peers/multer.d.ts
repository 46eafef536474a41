// The part of multer that is used here; it brings no types of its own.
declare module 'multer' {
  import { RequestHandler } from 'express';

  interface Multer {
    single(field: string): RequestHandler;
  }
  interface MulterFactory {
    (options: { storage: object }): Multer;
    memoryStorage(): object;
  }
  const multer: MulterFactory;
  export default multer;
}
