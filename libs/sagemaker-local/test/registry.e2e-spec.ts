import * as sdk from '@aws-sdk/client-sagemaker';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { list } from 'tar';
import { ManagedProcess } from '../src/managed-process';
import { distFile } from '../src/places';
import { GROUP, LocalAccount, openAccount, shippedPackage } from './local-account';

const arn = (version: number): string => `arn:aws:sagemaker:us-east-1:000000000000:model-package/${GROUP}/${version}`;
const inference = { Containers: [{ Image: 'image', ModelDataUrl: 's3://local/a/model.tar.gz' }] };

let account: LocalAccount;

function create(input: Partial<sdk.CreateModelPackageCommandInput> = {}) {
  return account.client.send(
    new sdk.CreateModelPackageCommand({
      ModelPackageGroupName: GROUP,
      InferenceSpecification: inference,
      ...input,
    }),
  );
}

const describePackage = (ModelPackageName: string) =>
  account.client.send(new sdk.DescribeModelPackageCommand({ ModelPackageName }));

const listPackages = (input: sdk.ListModelPackagesCommandInput = {}) =>
  account.client.send(new sdk.ListModelPackagesCommand({ ModelPackageGroupName: GROUP, ...input }));

const versionsOf = ({ ModelPackageSummaryList = [] }: sdk.ListModelPackagesCommandOutput) =>
  ModelPackageSummaryList.map(({ ModelPackageVersion }) => ModelPackageVersion);

describe('the model registry, asked through the AWS SDK', () => {
  beforeEach(async () => (account = await openAccount()));
  afterEach(() => account.stop());

  it('begins with the model that ships as version 1, approved, with its archive and what is known of its quality', async () => {
    const shipped = await describePackage(arn(1));

    expect(shipped).toMatchObject({
      ModelPackageGroupName: GROUP,
      ModelPackageVersion: 1,
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { modelName: 'everyday-objects', modelVersion: '0.1.0' },
    });
    const [container] = shipped.InferenceSpecification?.Containers ?? [];
    const names: string[] = [];
    await list({ file: account.s3.pathOf(container?.ModelDataUrl ?? ''), onReadEntry: ({ path }) => names.push(path) });
    expect(names).toEqual(['behaviour.json', 'model.json']);
    const statistics = shipped.ModelMetrics?.ModelQuality?.Statistics?.S3Uri ?? '';
    expect(JSON.parse(readFileSync(account.s3.pathOf(statistics), 'utf8'))).toMatchObject({
      multiclass_classification_metrics: { accuracy: { value: 0.5 } },
    });
    expect(await account.s3.list('s3://local/nothing/')).toEqual(['s3://local/nothing/NOTHING.txt']);
    expect(await account.s3.list('s3://local/deployed/image-classifier/')).toHaveLength(1);
  });

  it('gives each version the next number, and all that was said of it back', async () => {
    const metrics = { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: 's3://local/e.json' } } };
    const created = await create({
      ModelPackageDescription: 'flowers',
      ModelMetrics: metrics,
      CustomerMetadataProperties: { modelName: 'flowers', codeVersion: 'abc' },
    });

    expect(created.ModelPackageArn).toBe(arn(2));
    expect(await describePackage(arn(2))).toMatchObject({
      ModelPackageVersion: 2,
      ModelPackageDescription: 'flowers',
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: 'PendingManualApproval',
      InferenceSpecification: inference,
      ModelMetrics: metrics,
      CustomerMetadataProperties: { modelName: 'flowers', codeVersion: 'abc' },
      CreationTime: expect.any(Date),
    });
    expect((await create()).ModelPackageArn).toBe(arn(3));
  });

  it('registers a request once however often it comes', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => create({ ClientToken: 'execution-1' })));

    expect(answers.map(({ ModelPackageArn }) => ModelPackageArn)).toEqual([arn(2), arn(2), arn(2), arn(2)]);
    expect((await create({ ClientToken: 'execution-2' })).ModelPackageArn).toBe(arn(3));
    expect((await create({ ClientToken: 'execution-1' })).ModelPackageArn).toBe(arn(2));
  });

  it('keeps what is changed of a version', async () => {
    await create({ CustomerMetadataProperties: { a: '1', b: '2' } });
    const update = (input: Partial<sdk.UpdateModelPackageCommandInput>) =>
      account.client.send(new sdk.UpdateModelPackageCommand({ ModelPackageArn: arn(2), ...input }));
    await Promise.all([
      update({ ModelApprovalStatus: 'Approved', ApprovalDescription: 'by Kim' }),
      update({ CustomerMetadataProperties: { c: '3' }, CustomerMetadataPropertiesToRemove: ['a'] }),
    ]);

    expect(await describePackage(arn(2))).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'by Kim',
      LastModifiedTime: expect.any(Date),
    });
    expect((await describePackage(arn(2))).CustomerMetadataProperties).toEqual({ b: '2', c: '3' });
    await update({ ModelApprovalStatus: 'Rejected' });
    expect(await describePackage(`${GROUP}/2`)).toMatchObject({
      ModelApprovalStatus: 'Rejected',
      ApprovalDescription: 'by Kim',
    });
  });

  it('lists versions by status, in either order, page by page', async () => {
    for (const status of ['Approved', 'Rejected', 'PendingManualApproval', 'Approved'] as const) {
      await create({ ModelApprovalStatus: status });
    }

    expect(versionsOf(await listPackages())).toEqual([1, 2, 3, 4, 5]);
    expect(versionsOf(await listPackages({ ModelApprovalStatus: 'Approved', SortOrder: 'Descending' }))).toEqual([
      5, 2, 1,
    ]);
    const first = await listPackages({ SortBy: 'CreationTime', SortOrder: 'Descending', MaxResults: 2 });
    await create(); // must not move the pages
    const rest = sdk.paginateListModelPackages(
      { client: account.client, startingToken: first.NextToken ?? '' },
      { ModelPackageGroupName: GROUP, SortOrder: 'Descending', MaxResults: 2 },
    );
    const versions = versionsOf(first);
    for await (const page of rest) versions.push(...versionsOf(page));
    expect(versions).toEqual([5, 4, 3, 2, 1]);
  });

  it('gives ten at once when it is not told how many, as the service does', async () => {
    for (let version = 2; version <= 11; version += 1) await create();
    const page = await listPackages();

    expect(versionsOf(page)).toHaveLength(10);
    expect(versionsOf(await listPackages({ NextToken: page.NextToken }))).toEqual([11]);
    await expect(listPackages({ NextToken: 'nonsense' })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('has groups beside its own, and none twice', async () => {
    const group = { ModelPackageGroupName: 'other', ModelPackageGroupDescription: 'another one' };
    const { ModelPackageGroupArn } = await account.client.send(new sdk.CreateModelPackageGroupCommand(group));

    expect(ModelPackageGroupArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:model-package-group/other');
    await expect(account.client.send(new sdk.CreateModelPackageGroupCommand(group))).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Model Package Group already exists: ${ModelPackageGroupArn}`,
    });
    expect(await account.client.send(new sdk.DescribeModelPackageGroupCommand(group))).toMatchObject(group);
    expect((await create({ ModelPackageGroupName: ModelPackageGroupArn })).ModelPackageArn).toMatch(
      /:model-package\/other\/1$/,
    );
    const { ModelPackageGroupSummaryList = [] } = await account.client.send(
      new sdk.ListModelPackageGroupsCommand({ SortBy: 'Name', SortOrder: 'Descending' }),
    );
    expect(ModelPackageGroupSummaryList.map(({ ModelPackageGroupName }) => ModelPackageGroupName)).toEqual([
      'other',
      GROUP,
    ]);
  });

  it.each([
    ['a version that is not there', () => describePackage(arn(9)), `ModelPackage ${arn(9)} does not exist.`],
    ['a name that leads elsewhere', () => describePackage('../../1'), /does not exist/],
    [
      'an ARN of another account',
      () => describePackage(arn(1).replace('000000000000', '123456789012')),
      /of this machine/,
    ],
    [
      'a group that is not there',
      () => create({ ModelPackageGroupName: 'none' }),
      'ModelPackageGroup arn:aws:sagemaker:us-east-1:000000000000:model-package-group/none does not exist.',
    ],
    [
      'a name that no group may have',
      () => account.client.send(new sdk.CreateModelPackageGroupCommand({ ModelPackageGroupName: 'a_b' })),
      /^1 validation error detected: Value 'a_b' at 'modelPackageGroupName' failed to satisfy constraint: Member must/,
    ],
    [
      'an unknown status',
      () => create({ ModelApprovalStatus: 'Pending' as 'Approved' }),
      /Member must satisfy enum value set/,
    ],
    [
      'a version without a place',
      () => create({ InferenceSpecification: undefined }),
      /'inferenceSpecification'.*must not be null/,
    ],
    ['an unversioned package', () => create({ ModelPackageName: 'a' }), /only versioned/],
    ['too long a page', () => listPackages({ MaxResults: 101 }), /less than or equal to 100/],
  ])('refuses %s in words', async (_, ask, message) => {
    await expect(ask()).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('names what it can do when it is asked for something else', async () => {
    await expect(account.client.send(new sdk.ListDomainsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(/^ListDomains is not there .*CreateModelPackage,.*UpdateModelPackage/),
    });
    const response = await fetch(`${account.server.url}/other`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
    const target = { 'x-amz-target': 'SageMaker.ListModelPackages' };
    const broken = await fetch(account.server.url, { method: 'POST', headers: target, body: '{' });
    expect(await broken.json()).toEqual({ __type: 'ValidationException', message: 'The input is not a JSON object.' });
  });

  it('says which file of the state folder is broken', async () => {
    await listPackages();
    const file = account.state.path('model-package-groups', GROUP, 'versions', '1.json');
    writeFileSync(file, '{');

    await expect(listPackages()).rejects.toMatchObject({
      name: 'InternalFailure',
      message: expect.stringContaining(`${file} is not JSON`),
      $metadata: { httpStatusCode: 500 },
    });
  });
});

describe('several processes with one registry', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'state-'));
  const shippedPackageDir = shippedPackage();

  function start(state: string, count: number, token: string, lines: string[] = []): ManagedProcess {
    return new ManagedProcess({
      command: [
        distFile('libs/sagemaker-local/test/registering-process.js'),
        ...[state, shippedPackageDir, String(count), token],
      ],
      environment: process.env,
      onLine: (line) => lines.push(line),
    });
  }

  async function allPackages(): Promise<sdk.DescribeModelPackageCommandOutput[]> {
    const packages: sdk.DescribeModelPackageCommandOutput[] = [];
    for await (const page of sdk.paginateListModelPackages(
      { client: account.client },
      { ModelPackageGroupName: GROUP, MaxResults: 100 },
    )) {
      for (const { ModelPackageArn = '' } of page.ModelPackageSummaryList ?? []) {
        packages.push(await describePackage(ModelPackageArn));
      }
    }
    return packages;
  }

  afterEach(() => account.stop());

  it('never get the same number, and make what an account begins with once', async () => {
    const state = folder();
    const exits = await Promise.all(['a', 'b', 'c'].map((token) => start(state, 8, token).exited));
    account = await openAccount(state);
    const packages = await allPackages();

    expect(exits.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(packages.map(({ ModelPackageVersion }) => ModelPackageVersion)).toEqual(
      Array.from({ length: 25 }, (_, index) => index + 1),
    );
    expect(packages[0]).toMatchObject({ CustomerMetadataProperties: { modelName: 'everyday-objects' } });
    expect(new Set(packages.map((each) => each.CustomerMetadataProperties?.['token'])).size).toBe(25);
  });

  it('leave whole versions or none when they are killed, and repeat what they did not finish without a second one', async () => {
    const state = folder();
    const lines: string[] = [];
    for (const delayMs of [0, 5, 20, 60]) {
      const before = lines.length;
      const registering = start(state, 1000, 'token-', lines);
      while (lines.length === before) await sleep(2);
      await sleep(delayMs);
      registering.kill();
      await registering.exited;
    }
    account = await openAccount(state);
    const packages = await allPackages();

    const tokens = packages.slice(1).map((each) => each.CustomerMetadataProperties?.['token']);
    expect(tokens).toEqual(tokens.map((_, index) => `token-${index}`));
    expect(tokens.length).toBeGreaterThanOrEqual(lines.length / 4);
    for (const line of lines) {
      const [token = '', answer = ''] = line.split(' ');
      const told = (JSON.parse(answer) as { ModelPackageArn: string }).ModelPackageArn;
      expect((await describePackage(told)).CustomerMetadataProperties).toEqual({ token });
    }
  }, 60_000);

  it.each([0, 1, 2, 4, 8, 16])(
    'finish what one began that was killed after %i ms of making an account',
    async (delayMs) => {
      const state = folder();
      const seeding = start(state, 0, '');
      const registering = start(state, 1, 'a');
      while (readdirSync(state).length === 0) await sleep(1);
      await sleep(delayMs);
      registering.kill();
      seeding.kill();
      await Promise.all([registering.exited, seeding.exited]);
      account = await openAccount(state);

      const shipped = await describePackage(arn(1));
      expect(shipped.CustomerMetadataProperties).toMatchObject({ modelName: 'everyday-objects' });
      const [container] = shipped.InferenceSpecification?.Containers ?? [];
      await list({ file: account.s3.pathOf(container?.ModelDataUrl ?? ''), strict: true });
      expect(await account.settled()).toMatchObject({ EndpointStatus: 'InService' });
      expect(existsSync(account.state.path('shipped.json'))).toBe(true);
      expect(readdirSync(state).filter((name) => name.startsWith('.shipping'))).toEqual([]);
    },
  );
});
