// Breaks the system on purpose: a copy of it in which one thing of one template is another.
import type { StageValues } from '../../../tools/cloudformation/stage';
import type { Template, TemplatePath, Value } from '../../../tools/cloudformation/template';
import { systemOf, type System } from './system';

/**
 * @param path in the template as it was read: `['resources', 'WebService', 'Properties', 'LaunchType']`. What lies on the way and is
 *   missing is made.
 * A last key `+` is the end of a list.
 * @param value in its place; undefined takes it away.
 */
export function changed(system: System, area: string, path: TemplatePath, value: Value | undefined): System {
  const templates = system.templates.map((template): Template => {
    if (template.area !== area) return template;
    const { lineOf, ...data } = template;
    const copy = structuredClone(data);
    put(copy, path, value);
    return { ...copy, lineOf };
  });
  if (!system.templates.some((template) => template.area === area)) throw new Error(`there is no template ${area}`);
  return systemOf(templates, system.stages);
}

export function changedStage(system: System, stage: string, values: StageValues): System {
  return systemOf(system.templates, new Map([...system.stages, [stage, { ...system.stages.get(stage), ...values }]]));
}

function put(root: object, path: TemplatePath, value: Value | undefined): void {
  let inner = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) {
    const next = inner[key] ?? {};
    inner[key] = next;
    inner = next as Record<string | number, unknown>;
  }
  const last = path.at(-1) ?? '';
  if (last === '+' && Array.isArray(inner)) inner.push(value);
  else if (value !== undefined) inner[last] = value;
  else if (Array.isArray(inner)) inner.splice(Number(last), 1);
  else if (!Reflect.deleteProperty(inner, last)) throw new Error(`there is no ${path.join('.')}`);
}
