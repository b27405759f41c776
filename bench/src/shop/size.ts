export const PRODUCTS = 1_000;
/** The product that everybody orders at once. */
export const HOT_PRODUCT = 1;
export const USERS = 4_000;
/** The first customers: those who look at their orders. Wherever orders are loaded, each of them has more than a page. */
export const LISTING_CUSTOMERS = 40;
/** The first customers, who have a history of points. */
export const SAVERS = 256;
export const ENTRIES_PER_SAVER = 40;
/** How many products one customer puts into the cart at most. */
export const CART_PRODUCTS = 5;
/** More than any run can sell. */
export const INITIAL_STOCK = 1_000_000_000;
/** All of it was given to the first customer. */
export const EXHAUSTED_COUPON = 1;
export const CAPPED_COUPON = 2;
/** How many there are of the capped coupon. */
export const CAP = 500;
/** From here on each coupon suffices for everybody once. */
export const FIRST_HOT_COUPON = 3;
export const HOT_COUPONS = 500;
