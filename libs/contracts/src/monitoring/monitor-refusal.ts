/** What comes as the error of a message that monitor did not take: sending the same again does not help with `refused`. */
export interface MonitorRefusal {
  readonly code: 'refused' | 'internal-error';
  readonly message: string;
}
