// Figures as the lines of a job show them.

/** `1,821 images` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** `96.7 %` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
