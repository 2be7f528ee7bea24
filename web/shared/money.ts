/** An amount in a currency (ISO 4217), whole ones without decimals. */
export function showMoney(amount: number, currency: string, code: string): string {
  const decimals = Number.isInteger(amount) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(code, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...decimals,
  }).format(amount);
}
