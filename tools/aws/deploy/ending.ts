/** What there is to say once everything is in place: the address, and what is missing for a photo to get its answer. */
import { ListModelPackagesCommand } from '@aws-sdk/client-sagemaker';
import { HandedOver } from '../account/handed-over';
import { unlessMissing } from '../aws-problems';
import { AwsClients } from '../clients';
import { StageName, stageOptions } from '../stage/areas';
import { PlanLine } from './plan-lines';

export async function endingLines(clients: AwsClients, name: StageName, handedOver: HandedOver): Promise<PlanLine[]> {
  const address = handedOver.get('platform/site-address');
  if (address === undefined) return [];
  const lines: PlanLine[] = [{ text: '' }, { text: `The site: ${address}`, colour: 'bold' }];
  if (address.startsWith('http://')) {
    lines.push({
      text:
        'WARNING: it speaks plain HTTP. Photos and feedback travel unencrypted, and anybody on the way can read and change them.\n' +
        'Before people use it: request a certificate in ACM and set CertificateArn in the stage file.',
      colour: 'red',
    });
  }
  return handedOver.has('services/web-service-name')
    ? [...lines, ...(await modelLines(clients, name, handedOver))]
    : lines;
}

async function modelLines(clients: AwsClients, name: StageName, handedOver: HandedOver): Promise<PlanLine[]> {
  const group = handedOver.get('ml/model-package-group');
  if (group === undefined) return [];
  const answer = await unlessMissing(
    clients.sageMaker.send(
      new ListModelPackagesCommand({ ModelPackageGroupName: group, ModelApprovalStatus: 'Approved', MaxResults: 1 }),
    ),
  );
  if ((answer?.ModelPackageSummaryList?.length ?? 0) > 0) return [];
  const stage = stageOptions(name);
  return [
    {
      text: [
        '',
        'No model is approved yet: until then a photo is answered with 503. To train one from a folder of photos, and to approve it:',
        `  npm run pipeline -- run --data PHOTOS --name NAME --on sagemaker ${stage}`,
        `  npm run pipeline -- approve 1 --on sagemaker ${stage}`,
      ].join('\n'),
    },
  ];
}
