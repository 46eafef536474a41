// Finding and copying what the server always writes.

export function find<T extends Element>(root: ParentNode, selector: string, type: new () => T): T {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`the page lacks ${selector}`);
  return element;
}

/** The part of the page with this name. */
export function findPart(root: ParentNode, name: string): HTMLElement {
  return find(root, `[data-part=${name}]`, HTMLElement);
}

export function findButton(root: ParentNode, action: string): HTMLButtonElement {
  return find(root, `[data-action=${action}]`, HTMLButtonElement);
}

/** A copy of the one element in a template. */
export function copyTemplate(name: string): HTMLElement {
  const template = find(document, `template[data-template=${name}]`, HTMLTemplateElement);
  return find(document.importNode(template.content, true), '*', HTMLElement);
}

/** Hides or shows, and keeps the focus on the page when what had it is gone. */
export function setHidden(element: HTMLElement, isHidden: boolean, nextFocus?: HTMLElement): void {
  if (element.hidden === isHidden) return;
  const hadFocus = isHidden && element.contains(document.activeElement);
  element.hidden = isHidden;
  if (hadFocus) nextFocus?.focus({ preventScroll: true });
}
