/** 12900 as 12,900. */
function won(amount: number): string {
  return amount.toLocaleString('en-US');
}

const WIDTH = 52;

/** A label on the left and a figure on the right. */
export function line(label: string, figure: string | number): string {
  const text = typeof figure === 'number' ? won(figure) : figure;
  return `  ${label}${' '.repeat(Math.max(1, WIDTH - label.length - text.length))}${text}`;
}

export const RULE = `  ${'─'.repeat(WIDTH)}`;
