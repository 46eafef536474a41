// What holds between templates: values handed over by SSM, parameters of one meaning, stage files.
import { stageFaults } from '../../../tools/cloudformation/stage';
import type { TemplateParameter } from '../../../tools/cloudformation/template';
import { textOf } from '../../../tools/cloudformation/resolve-template';
import { faultOf, type Rule } from '../support/rule';
import { GIVEN_BY_THE_TOOL, resourcesOf, textAt, type System } from '../support/system';

const SSM = 'AWS::SSM::Parameter::Value<';
const PREFIX = '/image-classifier/demo/';

/** Read by people, the command line and the deploy command, or by stacks that come with continuous delivery. */
const READ_ELSEWHERE = new Set([
  'network/vpc-cidr',
  'network/public-subnet-ids',
  'platform/site-address',
  'platform/namespace-name',
  'observability/topic-arn',
  'delivery/pipeline-name',
]);
/** Whole areas that others read: `build` by the deploy command, `ml` by the command line (npm run pipeline -- --on sagemaker), listeners and groups by the deploy command. */
const READ_BY_COMMANDS = [
  /^build\//,
  /^ml\//,
  /^platform\/(web|was)-((production|test)-listener|(blue|green)-target-group)-arn$/,
  /^services\//,
  /^storage\/[a-z]+-(repository|bucket)$/,
];

/** Written by the deploy command: digests of images. */
const WRITTEN_BY_THE_TOOL = /^images\/(web|was|monitor|model)$/;

/** The values of SSM parameters that are written, in the order of the stacks: path after the prefix -> type and area. */
function written(system: System): Map<string, { type: string; order: number }> {
  const [variant] = system.variants;
  const entries = (variant?.stacks ?? []).flatMap((stack, order) =>
    Object.values(stack.resources)
      .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
      .map(
        ({ Properties }) => [pathOf(textAt(Properties, 'Name')), { type: textAt(Properties, 'Type'), order }] as const,
      ),
  );
  return new Map(entries);
}

/** `/image-classifier/demo/network/vpc-id` -> `network/vpc-id`, whatever project and stage are called. */
function pathOf(name: string): string {
  return name.split('/').slice(3).join('/');
}

function* consumers(system: System) {
  for (const [order, template] of system.templates.entries()) {
    for (const [name, parameter] of Object.entries(template.parameters)) {
      if (parameter.Type.startsWith(SSM))
        yield { template, order, name, parameter, path: textOf(parameter.Default ?? '') };
    }
  }
}

/** All but the words that describe it. */
function meaningOf({ Description: _, ConstraintDescription: __, ...rest }: TemplateParameter): string {
  return JSON.stringify(Object.entries(rest).toSorted());
}

export const HANDOVER_RULES = {
  reads: {
    says: 'a value that a stack reads is written by an earlier one, as a list where a list is read',
    *faults(system) {
      const values = written(system);
      for (const { template, order, name, parameter, path } of consumers(system)) {
        const words = `${template.file}:${template.lineOf(['Parameters', name])} ${name}`;
        if (!path.startsWith(PREFIX)) {
          yield `${words} has a Default that does not begin with ${PREFIX}`;
          continue;
        }
        const value = values.get(path.slice(PREFIX.length));
        const isList = parameter.Type.includes('<List<');
        if (WRITTEN_BY_THE_TOOL.test(path.slice(PREFIX.length))) continue;
        if (!value) yield `${words} reads ${path}, which no stack writes`;
        else if (value.order >= order) yield `${words} reads ${path}, which a later stack writes`;
        else if ((value.type === 'StringList') !== isList)
          yield `${words} reads ${path} as ${parameter.Type}, and it is a ${value.type}`;
      }
    },
  },
  unread: {
    says: 'a value that a stack writes is read, by a stack, a command or people',
    *faults(system) {
      const read = new Set([...consumers(system)].map(({ path }) => path.slice(PREFIX.length)));
      for (const found of resourcesOf(system, 'AWS::SSM::Parameter')) {
        const path = pathOf(textAt(found.Properties, 'Name'));
        const known =
          read.has(path) || READ_ELSEWHERE.has(path) || READ_BY_COMMANDS.some((pattern) => pattern.test(path));
        if (!known) yield faultOf(found, `writes ${path}, which nobody reads`);
        if (!path.startsWith(`${found.stack.template.area}/`))
          yield faultOf(found, `writes ${path}, which is of another area`);
      }
    },
  },
  twice: {
    says: 'a value is written once',
    *faults(system) {
      const [variant] = system.variants;
      const names = variant ? [...resourcesOf(variant, 'AWS::SSM::Parameter')] : [];
      for (const [index, found] of names.entries()) {
        const name = textAt(found.Properties, 'Name');
        if (names.slice(0, index).some((other) => textAt(other.Properties, 'Name') === name))
          yield faultOf(found, `writes ${name} again`);
      }
    },
  },
  described: {
    says: 'parameters and outputs have a description, and each template begins with one',
    *faults({ templates }) {
      for (const template of templates) {
        if (template.description === '' || !template.text.startsWith('# '))
          yield `${template.file} does not say what it is for`;
        for (const [name, { Description }] of Object.entries(template.parameters)) {
          if (!Description)
            yield `${template.file}:${template.lineOf(['Parameters', name])} ${name} has no description`;
        }
        for (const [name, { Description }] of Object.entries(template.outputs)) {
          if (!Description) yield `${template.file}:${template.lineOf(['Outputs', name])} ${name} has no description`;
        }
      }
    },
  },
  grouped: {
    says: 'every parameter is in a group for the console',
    *faults({ templates }) {
      for (const { file, parameters, metadata } of templates) {
        const text = JSON.stringify(metadata);
        for (const name of Object.keys(parameters))
          if (!text.includes(`"${name}"`)) yield `${file} ${name} is in no group of AWS::CloudFormation::Interface`;
      }
    },
  },
  firstTwo: {
    says: 'every template takes project and stage first',
    *faults({ templates }) {
      for (const { file, parameters } of templates) {
        if (Object.keys(parameters).slice(0, 2).join() !== 'Project,Stage')
          yield `${file} does not begin with Project and Stage`;
      }
    },
  },
  oneMeaning: {
    says: 'a parameter of one name has one type, default and range in all templates',
    *faults({ templates }) {
      const first = new Map<string, { file: string; meaning: string }>();
      for (const { file, parameters } of templates) {
        for (const [name, parameter] of Object.entries(parameters)) {
          const known = first.get(name);
          const meaning = meaningOf(parameter);
          if (!known) first.set(name, { file, meaning });
          else if (known.meaning !== meaning)
            yield `${name} is ${meaning} in ${file}, and ${known.meaning} in ${known.file}`;
        }
      }
    },
  },
  defaults: {
    says: 'a parameter has a default, but where no choice is sane, and its default is one that it allows',
    *faults(system) {
      for (const { file, parameters } of system.templates) {
        for (const [name, parameter] of Object.entries(parameters)) {
          if (parameter.Default === undefined && !(name in GIVEN_BY_THE_TOOL)) yield `${file} ${name} has no default`;
          if (parameter.Default !== undefined) {
            for (const fault of stageFaults([{ file, parameters: { [name]: parameter } } as never], {
              [name]: parameter.Default,
            }))
              yield `${fault} (its default)`;
          }
        }
      }
    },
  },
  stages: {
    says: 'stage files name parameters that there are, with values that they allow, and their own stage',
    *faults({ templates, stages }) {
      if (stages.size === 0) yield 'there are no stages';
      for (const [stage, values] of stages) {
        for (const fault of stageFaults(templates, values)) yield `${stage}.yaml: ${fault}`;
        if (values.Stage !== undefined && values.Stage !== stage) yield `${stage}.yaml: Stage is ${values.Stage}`;
      }
    },
  },
  conditions: {
    says: 'every condition holds in one of the variants that are tested, and not in another',
    *faults(system) {
      for (const [index, { file, conditions }] of system.templates.entries()) {
        for (const name of Object.keys(conditions)) {
          const values = new Set(system.variants.map(({ stacks }) => stacks[index]?.conditions[name]));
          if (values.size < 2)
            yield `${file}: ${name} is ${String([...values][0])} in all variants of test/cloudformation/support/system.ts`;
        }
      }
    },
  },
} satisfies Record<string, Rule>;
