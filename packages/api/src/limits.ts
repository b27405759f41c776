/** What a price may be at most, in the smallest unit of the shop's currency. */
export const PRICE_MAX = 1_000_000_000;
/** How many pieces one line of a cart or an order may hold. */
export const LINE_QUANTITY_MAX = 10_000;
/** How many lines a cart or an order may hold. With the two above, no total leaves the safe integers. */
export const LINES_MAX = 100;
/** How many products one call may add or adjust. */
export const BULK_MAX = 500;
/** How far back best sellers are counted, in days. */
export const BEST_SELLER_DAYS_MAX = 90;
/** How many points one charge may add. */
export const CHARGE_MAX = 1_000_000_000;
