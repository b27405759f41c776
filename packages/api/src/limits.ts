/** What a price may be at most, in the smallest unit of the shop's currency. */
export const PRICE_MAX = 1_000_000_000;
/** How many pieces one line of a cart or an order may hold. */
export const LINE_QUANTITY_MAX = 10_000;
/** How many lines a cart or an order may hold. With the two above, no total leaves the safe integers. */
export const LINES_MAX = 100;
/** How many points one charge may add. */
export const CHARGE_MAX = 1_000_000_000;
