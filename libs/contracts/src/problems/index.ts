export * from './content-kind';
export * from './malformed-reason';
export * from './parameter-fault';
export * from './problem-catalogue';
export * from './problem-error';
