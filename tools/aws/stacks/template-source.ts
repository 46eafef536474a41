/** Brings a template to CloudFormation: in the request when it fits, else through the build bucket. */
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { CommandError } from '../../../apps/pipeline/src/command.error';
import { Template } from '../../cloudformation/template';
import { unlessMissing } from '../aws-problems';
import { TemplateSource } from './change-set';

/** CloudFormation quotas, "Template body size in a request". */
const MOST_BYTES_IN_REQUEST = 51_200;

/** @param bucket the build bucket, undefined before there is one. */
export async function templateSource(
  s3: S3Client,
  template: Template,
  bucket: string | undefined,
  region: string,
): Promise<TemplateSource> {
  const text = withoutComments(template.text);
  if (Buffer.byteLength(text) <= MOST_BYTES_IN_REQUEST) return { TemplateBody: text };
  if (bucket === undefined) {
    throw new CommandError(
      `cloudformation/${template.file} has more than ${MOST_BYTES_IN_REQUEST} bytes, and there is no bucket yet to take it.`,
    );
  }
  const key = `templates/${createHash('sha256').update(text).digest('hex')}.yaml`;
  const place = { Bucket: bucket, Key: key };
  const isThere = (await unlessMissing(s3.send(new HeadObjectCommand(place)))) !== undefined;
  if (!isThere) await s3.send(new PutObjectCommand({ ...place, Body: text, ContentType: 'text/yaml' }));
  return { TemplateURL: `https://${bucket}.s3.${region}.amazonaws.com/${key}` };
}

/** Whole lines of comments, which are half of some templates. A `#` within a block of text, as in a script, begins no comment. */
export function withoutComments(text: string): string {
  const kept: string[] = [];
  let blockIndent: number | undefined;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (blockIndent !== undefined && indent !== -1 && indent <= blockIndent) blockIndent = undefined;
    if (blockIndent === undefined) {
      if (indent === -1 || line[indent] === '#') continue;
      if (/[|>][+-]?\d?$/.test(line.trimEnd())) blockIndent = indent;
    }
    kept.push(line);
  }
  return `${kept.join('\n')}\n`;
}
