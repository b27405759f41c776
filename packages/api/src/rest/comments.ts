import type { Comments } from './openapi.ts';

// Written by packages/api/test/rest/comments.test.ts from the comments in the source. Change those, and run it with --update.
export const COMMENTS: Comments = {
  "procedures": {
    "users.create": "Adds a user with an empty point wallet. Fails with `EXTERNAL_ID_TAKEN`.",
    "users.get": "One user. Fails with `USER_NOT_FOUND`.",
    "users.list": "All users, the latest first, or those whose name or external id begins with a text.",
    "users.update": "Changes the named fields of a user. Fails with `USER_NOT_FOUND`, `EXTERNAL_ID_TAKEN` or `EXTERNAL_ID_SET`.",
    "users.me": "The caller.",
    "points.charge": "Adds points to a user's wallet. Fails with `USER_NOT_FOUND` or `POINT_BALANCE_LIMIT`.",
    "points.adjust": "Corrects a user's balance by hand; the reason stays in the history. Fails with `USER_NOT_FOUND`, `POINTS_INSUFFICIENT` or `POINT_BALANCE_LIMIT`.",
    "points.buy": "Buys points for the caller through one of the shop's payment providers. The answer is PAID, FAILED, or PENDING while nobody knows: the same call with the same key asks again. Fails with `PAYMENT_METHOD_UNKNOWN` or `POINT_BALANCE_LIMIT`.",
    "points.balance": "What a wallet holds: the caller's, or for an admin any user's. Fails with `USER_NOT_FOUND`.",
    "points.history": "The entries of a wallet, newest first: the caller's, or for an admin any user's.",
    "products.create": "Adds a product with its stock.",
    "products.createMany": "Adds up to 500 products with their stocks, all or none, in the order in which they are named.",
    "products.update": "Changes the named fields of a product. Fails with `PRODUCT_NOT_FOUND` or `VERSION_CONFLICT`.",
    "products.adjustStock": "Adds pieces to a product's stock or takes them away. Fails with `PRODUCT_NOT_FOUND`, `VERSION_CONFLICT`, `STOCK_INSUFFICIENT` or `STOCK_LIMIT`.",
    "products.adjustStocks": "Changes the stocks of up to 500 products, all or none. Fails with `PRODUCT_NOT_FOUND`, `STOCK_INSUFFICIENT` or `STOCK_LIMIT`, and names the product.",
    "products.setStatus": "Puts a product on sale or hides it. Fails with `PRODUCT_NOT_FOUND` or `VERSION_CONFLICT`.",
    "products.get": "One product. Only an admin sees a hidden one. Fails with `PRODUCT_NOT_FOUND`.",
    "products.list": "The products on sale: those that fit the filters, newest first unless said otherwise.",
    "products.bestSellers": "The products that sold most in the last days, by the calendar of the shop, up to now. What went back does not count, and hidden products are left out.",
    "coupons.create": "Adds a coupon that customers can claim.",
    "coupons.update": "Changes the named fields of a coupon. What it takes off stays, and so does the end of what was issued before. Fails with `COUPON_NOT_FOUND`, `VERSION_CONFLICT`, `COUPON_QUANTITY_BELOW_ISSUED`, or `INPUT_INVALID` when it would end before it starts.",
    "coupons.issueTo": "Gives a user one of a coupon's remaining issues, before its start too. Fails with `USER_NOT_FOUND`, `COUPON_NOT_FOUND`, `COUPON_EXPIRED`, `COUPON_ALREADY_CLAIMED` or `COUPON_EXHAUSTED`.",
    "coupons.revoke": "Takes an unused coupon back from a user. It stays counted as issued, and the user cannot claim it again. Fails with `USER_COUPON_NOT_FOUND`, `VERSION_CONFLICT`, `COUPON_ALREADY_USED` or `COUPON_REVOKED`.",
    "coupons.get": "One coupon. Fails with `COUPON_NOT_FOUND`.",
    "coupons.list": "All coupons, newest first.",
    "coupons.claim": "Claims one of a coupon's remaining issues for the caller, first come, first served, one a user. Fails with `COUPON_NOT_FOUND`, `COUPON_NOT_STARTED`, `COUPON_EXPIRED`, `COUPON_ALREADY_CLAIMED` or `COUPON_EXHAUSTED`.",
    "coupons.mine": "The caller's coupons, newest first, with what each takes off.",
    "cart.get": "The caller's cart at today's prices.",
    "cart.addItem": "Puts pieces of a product into the cart, on top of those that are there. Fails with `PRODUCT_NOT_FOUND`, `PRODUCT_NOT_ON_SALE`, `CART_LINES_LIMIT`, `CART_QUANTITY_LIMIT` or `VERSION_CONFLICT`.",
    "cart.setQuantity": "Sets how many pieces a line holds; 0 takes it out. Fails with `CART_ITEM_NOT_FOUND` or `VERSION_CONFLICT`.",
    "cart.removeItem": "Takes a line out. Fails with `CART_ITEM_NOT_FOUND` or `VERSION_CONFLICT`.",
    "cart.clear": "Takes every line out. Fails with `VERSION_CONFLICT`.",
    "orders.place": "Places an order for the caller's cart, or for the named lines. What coupon and points do not cover is left to pay within 15 minutes; if they cover all of it, the order is complete at once. Fails with `CART_EMPTY`, `PRODUCT_NOT_FOUND`, `PRODUCT_NOT_ON_SALE`, `STOCK_INSUFFICIENT`, `ORDER_TOTAL_CHANGED`, `USER_COUPON_NOT_FOUND`, `COUPON_ALREADY_USED`, `COUPON_EXPIRED`, `COUPON_MINIMUM_NOT_MET`, `POINTS_EXCEED_PAYABLE` or `POINTS_INSUFFICIENT`.",
    "orders.quote": "What the caller's cart, or the named lines, would cost as an order now, and what stands in its way. Nothing is changed, and nothing is held.",
    "orders.cancel": "Cancels one of the caller's orders that is not paid yet, and gives back all that it held: stock, coupon and points. Fails with `ORDER_NOT_FOUND`, `ORDER_NOT_WAITING` or `VERSION_CONFLICT`.",
    "orders.search": "Everybody's orders, newest first, by user, state and time.",
    "orders.get": "One of the caller's orders. Fails with `ORDER_NOT_FOUND`.",
    "orders.list": "The caller's orders, newest first.",
    "orders.stream": "What happens to one of the caller's orders, or to all of them, as it happens, over SSE. After a reconnect it goes on where it broke off and loses nothing. Fails with `ORDER_NOT_FOUND`.",
    "payments.pay": "Pays what one of the caller's orders leaves to pay, through one of the shop's providers. The answer is PAID, FAILED (the order waits for another try), or PENDING while nobody knows: the same call with the same key asks again. REFUNDED: the order had ended meanwhile, and the money goes back. Fails with `PAYMENT_METHOD_UNKNOWN`, `ORDER_NOT_FOUND`, `ORDER_NOT_WAITING` or `PAYMENT_IN_PROGRESS`.",
    "payments.get": "The payments of one of the caller's orders, oldest first. Fails with `ORDER_NOT_FOUND`.",
    "payments.refund": "Refunds a paid order, whole or by lines and pieces, as often as something of it is left. Pieces, points and money go back where they came from; the coupon comes back with the whole refund only. Fails with `ORDER_NOT_FOUND`, `ORDER_NOT_REFUNDABLE`, `REFUND_EXCEEDS_ORDER` or `VERSION_CONFLICT`.",
    "events.list": "The published events, newest first.",
    "events.stream": "Events as they are published, over SSE. After a reconnect it goes on where it broke off and loses nothing.",
    "events.createEndpoint": "Registers a URL to which events are sent from now on, signed as Standard Webhooks say. The answer holds the secret with which the receiver checks them; it is shown this once. Fails with `ENDPOINT_URL_REFUSED`.",
    "events.listEndpoints": "The registered endpoints, newest first.",
    "events.disableEndpoint": "Sends nothing there any more. What is on its way waits until the endpoint is enabled again; what happens meanwhile is not sent, but can be replayed. Fails with `ENDPOINT_NOT_FOUND`.",
    "events.enableEndpoint": "Sends there again. Fails with `ENDPOINT_NOT_FOUND`.",
    "events.deliveries": "What is on its way to endpoints, has arrived or is dead; newest first.",
    "events.replay": "Sends events to an endpoint again, or for the first time: dead ones, those that it has taken, those from before it was registered. Fails with `ENDPOINT_NOT_FOUND` or `EVENT_NOT_FOUND`.",
    "audit.verify": "Recomputes the invariants of every wallet, stock, coupon, order and cart from history, and names what differs."
  },
  "fields": {
    "auditView": {
      "": "What recomputing every invariant from history has shown.",
      "clean": "Whether everything agrees.",
      "checks": "How many checks were made.",
      "invariants": "The same for each promise.",
      "invariants.checks": "How many checks were made of it.",
      "invariants.differences": "How many rows differ, up to 100 for each check.",
      "differences": "The rows that differ, up to 100 for each check.",
      "differences.invariant": "Which promise is broken: I1 to I10, as `docs/domain.md` lists them.",
      "differences.table": "The row, by table and id.",
      "differences.problem": "What is wrong with it.",
      "differences.expected": "What the history makes of it, and what the row says, where one number is wrong; else `null`."
    },
    "cartView": {
      "": "What the caller means to buy.",
      "items.price": "What a piece costs now; an order is placed at this price.",
      "items.priceWhenAdded": "What a piece cost when it was added.",
      "items.amount": "price × quantity.",
      "items.isAvailable": "Whether an order for this line would be accepted now.",
      "totalAmount": "Σ amount.",
      "version": "Raised by each change; 0 for a cart that nothing was put into yet."
    },
    "addItemInput": {
      "quantity": "Pieces, 1 to 10,000.",
      "expectedVersion": "The cart's version that the change is meant for; any version if none is named."
    },
    "setQuantityInput": {
      "quantity": "Pieces, 0 to 10,000; 0 takes the line out.",
      "expectedVersion": "The cart's version that the change is meant for; any version if none is named."
    },
    "removeItemInput": {
      "expectedVersion": "The cart's version that the change is meant for; any version if none is named."
    },
    "clearCartInput": {
      "expectedVersion": "The cart's version that the change is meant for; any version if none is named."
    },
    "couponView": {
      "": "A discount that is handed out first come, first served.",
      "discountType": "FIXED takes an amount off, PERCENT a part of the order's total.",
      "discountValue": "An amount for FIXED, 1 to 100 for PERCENT.",
      "maxDiscountAmount": "What a PERCENT coupon takes off at most; `null` for no limit.",
      "minOrderAmount": "What an order must total at least; `null` for no minimum.",
      "totalQuantity": "How many there are to claim.",
      "issuedQuantity": "How many were claimed.",
      "usedQuantity": "How many of those were used.",
      "startsAt": "When it can first be claimed; `null` for at once.",
      "expiresAt": "From when on it can be neither claimed nor used; `null` for never."
    },
    "userCouponView": {
      "": "A coupon in one user's hands.",
      "expiresAt": "From when on it cannot be used; `null` for never.",
      "orderId": "The order that it was used for.",
      "revokedAt": "When an admin took it back; it can no longer be used."
    },
    "myCouponView": {
      "": "A coupon in the caller's hands, with what it takes off.",
      "expiresAt": "From when on it cannot be used; `null` for never.",
      "orderId": "The order that it was used for.",
      "revokedAt": "When an admin took it back; it can no longer be used."
    },
    "createCouponInput": {
      "name": "1 to 200 characters.",
      "discountType": "FIXED takes `discountValue` off, PERCENT that many percent of the order's total.",
      "discountValue": "1 to 1,000,000,000 for FIXED, 1 to 100 for PERCENT.",
      "maxDiscountAmount": "What a PERCENT coupon takes off at most.",
      "minOrderAmount": "What an order must total at least.",
      "totalQuantity": "How many there are to claim, 1 to 1,000,000,000.",
      "startsAt": "When it can first be claimed.",
      "expiresAt": "From when on it can be neither claimed nor used; later than `startsAt`."
    },
    "updateCouponInput": {
      "expectedVersion": "The version that the change is meant for; any version if none is named.",
      "name": "1 to 200 characters.",
      "maxDiscountAmount": "What a PERCENT coupon takes off at most; `null` for no limit.",
      "minOrderAmount": "What an order must total at least; `null` for no minimum.",
      "totalQuantity": "How many there are to claim; never fewer than were issued.",
      "startsAt": "When it can first be claimed; `null` for at once.",
      "expiresAt": "From when on it can be claimed no more; `null` for never. What was issued before keeps its own end."
    },
    "issueCouponInput": {
      "userId": "Who gets it."
    },
    "revokeCouponInput": {
      "userCouponId": "The coupon in the user's hands.",
      "expectedVersion": "The version that the change is meant for; any version if none is named."
    },
    "couponIdInput": {},
    "claimCouponInput": {},
    "listCouponsInput": {
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "eventView": {
      "": "Something that happened in the shop.",
      "position": "Its place in the order in which events were published; without gaps.",
      "schemaVersion": "Which form the data has.",
      "aggregateId": "The id of the order, coupon, product … that it is about.",
      "aggregateVersion": "The version of it after the change.",
      "data": "What happened; its fields go with the type."
    },
    "listEventsInput": {
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "streamEventsInput": {
      "types": "Which types are wanted; all of them unless said otherwise.",
      "after": "The position after which to begin: 0 for everything there is. What happens from now on unless said otherwise.",
      "lastEventId": "The id of the last event that came, after a reconnect; it comes before `after`. Clients send it by themselves."
    },
    "endpointView": {
      "": "Where events are sent.",
      "eventTypes": "Which types are sent there; all of them when `null`.",
      "disabledAt": "Since when nothing is sent there; `null` while it is."
    },
    "createdEndpointView": {
      "": "A new endpoint, with what its receiver needs to check the signatures.",
      "secret": "Signs what is sent there (Standard Webhooks). It is shown this once.",
      "eventTypes": "Which types are sent there; all of them when `null`.",
      "disabledAt": "Since when nothing is sent there; `null` while it is."
    },
    "createEndpointInput": {
      "url": "`https://…` or `http://…`, up to 2,000 characters, at a public address.",
      "eventTypes": "Which types are wanted; all of them, later ones too, unless said otherwise."
    },
    "endpointIdInput": {},
    "listEndpointsInput": {
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "deliveryView": {
      "": "One event on its way to one endpoint.",
      "status": "PENDING until the endpoint has taken it; DEAD when it was tried too often.",
      "nextAttemptAt": "When it is tried next, while PENDING.",
      "lastError": "Why the last attempt failed."
    },
    "deliveriesInput": {
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "replayInput": {
      "eventIds": "Which events to send there again, or for the first time; 1 to 100."
    },
    "replayView": {
      "": "How many events will be sent. Those that are on their way already are not counted."
    },
    "orderView": {
      "": "A purchase.",
      "status": "WAITING until what is left is paid, then COMPLETE; or CANCELLED; or REFUNDED.",
      "items.price": "What a piece cost.",
      "items.amount": "price × quantity.",
      "items.discountAmount": "The line's share of the order's discount.",
      "items.refundedQuantity": "How many of the pieces went back.",
      "totalAmount": "Σ amount of the lines.",
      "discountAmount": "What the coupon takes off.",
      "usedPoint": "Points spent on it.",
      "payableAmount": "What is left to pay: total − discount − points.",
      "payment": "The latest payment.",
      "cartId": "The cart that it was placed from.",
      "userCouponId": "The coupon that was used.",
      "expiresAt": "Until when a WAITING order holds what it took.",
      "completedAt": "When it was paid; `null` while it was not."
    },
    "placeOrderInput": {
      "items": "What to order, 1 to 100 lines, one a product; the caller's cart if not named.",
      "items.quantity": "Pieces, 1 to 10,000.",
      "userCouponId": "One of the caller's coupons, from `coupons.mine`.",
      "points": "Points to spend; 0 unless said otherwise.",
      "expectedTotalAmount": "What the customer saw as the total before discount: the order is refused if it has changed."
    },
    "quoteView": {
      "": "What an order would cost now. Nothing is held by it.",
      "items": "The lines that can be bought, in the order in which they were named.",
      "items.price": "What a piece costs.",
      "items.amount": "price × quantity.",
      "items.discountAmount": "The line's share of the discount.",
      "items.quantity": "Pieces, 1 to 10,000.",
      "totalAmount": "Σ amount of the lines: what `expectedTotalAmount` may hold the shop to.",
      "discountAmount": "What the coupon takes off; 0 if it does not apply.",
      "pointsUsable": "The most points that could be spent: what the wallet holds, but no more than there is to pay.",
      "usedPoint": "Of the points asked for, those that can be spent.",
      "payableAmount": "What is left to pay: total − discount − points.",
      "couponProblem": "Why the coupon does not apply; `null` if it does, or if none was named.",
      "couponProblem.reason": "Why `orders.place` would refuse.",
      "couponProblem.message": "A sentence for a person, with the values.",
      "problems": "What else stands in the way; empty if nothing does.",
      "problems.reason": "Why `orders.place` would refuse.",
      "problems.message": "A sentence for a person, with the values."
    },
    "quoteOrderInput": {
      "items": "What to order, 1 to 100 lines, one a product; the caller's cart if not named.",
      "items.quantity": "Pieces, 1 to 10,000.",
      "userCouponId": "One of the caller's coupons, from `coupons.mine`.",
      "points": "Points to spend; 0 unless said otherwise.",
      "expectedTotalAmount": "What the customer saw as the total before discount: the order is refused if it has changed."
    },
    "cancelOrderInput": {
      "expectedVersion": "The order's version that the customer saw."
    },
    "orderIdInput": {},
    "listOrdersInput": {
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "searchOrdersInput": {
      "userId": "Whose orders; everybody's if not named.",
      "status": "In which state; in any if not named.",
      "createdFrom": "Placed at this time or later.",
      "createdTo": "Placed before this time; later than `createdFrom`.",
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "streamOrdersInput": {
      "orderId": "One of the caller's orders; all of them unless said otherwise.",
      "after": "The position after which to begin: 0 for everything there is. What happens from now on unless said otherwise.",
      "lastEventId": "The id of the last event that came, after a reconnect; it comes before `after`. Clients send it by themselves."
    },
    "refundPaymentInput": {
      "items": "What goes back, one line a product; all that is left if not named.",
      "items.quantity": "Pieces, at most those that have not gone back yet.",
      "reason": "Why, 1 to 200 characters.",
      "expectedVersion": "The order's version that the admin saw."
    },
    "refundView": {
      "": "What went back of an order.",
      "items.amount": "What they cost less their share of the discount: money and points together.",
      "items.quantity": "Pieces, at most those that have not gone back yet.",
      "amount": "Money that goes back to where it came from.",
      "points": "Points that went back to the wallet.",
      "status": "PENDING until the payment provider has sent the money back; COMPLETE at once if none is due.",
      "isWhole": "Whether nothing is left of the order.",
      "orderStatus": "What the order is now."
    },
    "paymentView": {
      "": "One attempt to collect what an order leaves to pay.",
      "method": "How it is paid; `null` until the customer chooses.",
      "amount": "What is left of the order's total after discount and points.",
      "status": "PENDING until it is PAID or FAILED.",
      "refundedAmount": "Money that went back.",
      "transactionId": "The payment provider's own id.",
      "failureReason": "Why it FAILED; of one that is PENDING, why what the provider said was not believed."
    },
    "payView": {
      "": "How an attempt to pay stands.",
      "orderStatus": "The order after it: COMPLETE once it is PAID, WAITING for another try when it FAILED.",
      "nextUrl": "Where the customer goes on, while it is PENDING and the provider wants to see them.",
      "method": "How it is paid; `null` until the customer chooses.",
      "amount": "What is left of the order's total after discount and points.",
      "status": "PENDING until it is PAID or FAILED.",
      "refundedAmount": "Money that went back.",
      "transactionId": "The payment provider's own id.",
      "failureReason": "Why it FAILED; of one that is PENDING, why what the provider said was not believed."
    },
    "orderPaymentsInput": {},
    "payInput": {
      "method": "Which of the shop's payment providers collects it: `test` in a demo shop.",
      "token": "What the provider gave the customer's page: it stands for a card, or for an agreement to pay."
    },
    "pointEntryView": {
      "": "One movement of points.",
      "type": "CHARGE adds points, USE spends them on an order, REFUND gives them back, ADJUST corrects by hand.",
      "amount": "Points added; negative when spent or taken off.",
      "balanceAfter": "What the wallet held after this entry.",
      "orderId": "The order that the points were spent on or came back from.",
      "reason": "Why an admin adjusted the balance."
    },
    "balanceView": {
      "": "What a wallet holds.",
      "version": "Raised by each entry."
    },
    "chargePointsInput": {
      "amount": "Points to add, 1 to 1,000,000,000."
    },
    "adjustPointsInput": {
      "amount": "Points to add, or to take off when negative, up to 1,000,000,000; not 0.",
      "reason": "Why, for whoever reads the history: 1 to 200 characters."
    },
    "buyPointsInput": {
      "amount": "Points to buy, 1 to 1,000,000,000; each costs one unit of the shop's currency.",
      "method": "Which of the shop's payment providers collects it: `test` in a demo shop.",
      "token": "What the provider gave the customer's page: it stands for a card, or for an agreement to pay."
    },
    "pointChargeView": {
      "": "A purchase of points.",
      "status": "PENDING until it is PAID or FAILED; once PAID, the points are in the wallet.",
      "transactionId": "The payment provider's own id.",
      "failureReason": "Why it FAILED; of one that is PENDING, why what the provider said was not believed.",
      "nextUrl": "Where the customer goes on, while it is PENDING and the provider wants to see them."
    },
    "walletInput": {
      "userId": "Whose wallet; only an admin may name another user than the caller."
    },
    "historyInput": {
      "type": "Only entries of this type.",
      "from": "Only entries from this moment on.",
      "to": "Only entries before this moment.",
      "userId": "Whose wallet; only an admin may name another user than the caller.",
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "productView": {
      "": "Something for sale.",
      "price": "In the smallest unit of the shop's currency.",
      "quantity": "Pieces that are there to sell.",
      "status": "Customers see and buy only what is ON_SALE.",
      "version": "Raised by each change, stock included."
    },
    "createProductInput": {
      "name": "1 to 200 characters.",
      "description": "Up to 2,000 characters.",
      "price": "0 to 1,000,000,000, in the smallest unit of the shop's currency.",
      "quantity": "Pieces in stock to begin with, 0 to 1,000,000,000; 0 unless said otherwise.",
      "status": "ON_SALE unless said otherwise."
    },
    "createProductsInput": {
      "products": "What to add, 1 to 500 products."
    },
    "updateProductInput": {
      "expectedVersion": "The version that the change is meant for; any version if none is named.",
      "name": "1 to 200 characters.",
      "description": "Up to 2,000 characters.",
      "price": "0 to 1,000,000,000. Orders keep the price they were placed at."
    },
    "adjustStockInput": {
      "expectedVersion": "The version that the change is meant for; any version if none is named.",
      "delta": "Pieces to add, or to take away when negative; not 0."
    },
    "adjustStocksInput": {
      "adjustments": "1 to 500 changes, one a product.",
      "adjustments.delta": "Pieces to add, or to take away when negative; not 0."
    },
    "setProductStatusInput": {
      "expectedVersion": "The version that the change is meant for; any version if none is named.",
      "status": "HIDDEN takes it off sale. Orders that hold it stay as they are."
    },
    "productIdInput": {},
    "listProductsInput": {
      "search": "Text that the name or the description holds, in upper or lower case: 1 to 100 characters.",
      "minPrice": "What it must cost at least.",
      "maxPrice": "What it may cost at most.",
      "inStock": "`true` for products that are in stock, `false` for those that are sold out.",
      "sort": "`newest` unless said otherwise. A cursor goes on in the order that it was given in.",
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "bestSellersInput": {
      "days": "How many days count, today included: 1 to 90; 3 unless said otherwise.",
      "limit": "How many products, 1 to 100; 5 unless said otherwise."
    },
    "bestSellerView": {
      "": "How well a product sold.",
      "quantity": "Pieces sold, less those that went back.",
      "amount": "What they were sold for once discounts are taken off."
    },
    "userView": {
      "": "Somebody who shops.",
      "externalId": "The id that the app's own login gives; `null` if there is none."
    },
    "createUserInput": {
      "name": "1 to 100 characters.",
      "externalId": "The id that the app's own login gives, 1 to 255 characters, unique."
    },
    "updateUserInput": {
      "name": "1 to 100 characters.",
      "externalId": "The id that the app's own login gives, 1 to 255 characters, unique. A user gets one once."
    },
    "listUsersInput": {
      "search": "What the name or the external id begins with, in the same case: 1 to 100 characters.",
      "limit": "How many items, 1 to 100; 20 unless said otherwise.",
      "cursor": "`nextCursor` of the page before; none for the first page."
    },
    "userIdInput": {}
  },
  "reasons": {
    "INPUT_INVALID": "The input has not the right shape; `details.issues` name each field. Mend the call.",
    "UNAUTHENTICATED": "No valid token or key, or it has expired. Get a new token.",
    "FORBIDDEN": "The caller is known but may not do this. Call as somebody else.",
    "PROCEDURE_NOT_FOUND": "There is no such procedure or page. Check the name.",
    "METHOD_NOT_SUPPORTED": "A query was sent with POST, or a mutation with GET. Use the SDK.",
    "MEDIA_TYPE_NOT_SUPPORTED": "The body is not `application/json`. Send JSON.",
    "REQUEST_TOO_LARGE": "More than 64 KiB; 4 MiB where many products change at once. Send less at once.",
    "INTERNAL": "Something failed inside; `details.requestId` finds it in the log. Tell whoever runs the server.",
    "VERSION_CONFLICT": "`expectedVersion` is not `details.currentVersion`. Read again, decide again.",
    "IDEMPOTENCY_KEY_REUSED": "The key was used for another request. Use a new key for each request.",
    "OVERLOADED": "More work is waiting than the server takes on. Wait `details.retryAfterMs`, then the same call with the same key.",
    "UNAVAILABLE": "The database cannot be reached. Wait `details.retryAfterMs`, then the same call with the same key.",
    "OUTCOME_UNKNOWN": "The connection broke while committing: it may have been done. The same call with the same key tells.",
    "USER_NOT_FOUND": "There is no such user, or it is not the caller. Check `details.userId`.",
    "EXTERNAL_ID_TAKEN": "Another user has that `externalId`. Use the user that is there.",
    "EXTERNAL_ID_SET": "The user has `details.externalId`, given once. Leave the id as it is.",
    "POINTS_INSUFFICIENT": "The wallet holds `details.available`. Use fewer points.",
    "POINT_BALANCE_LIMIT": "The wallet would hold more than `details.limit`. Charge less.",
    "PRODUCT_NOT_FOUND": "There is no such product, or it is hidden. Take it off the page.",
    "PRODUCT_NOT_ON_SALE": "The product is hidden from sale. Take it out of the cart.",
    "STOCK_INSUFFICIENT": "`details.available` pieces are left. Order fewer.",
    "STOCK_LIMIT": "The stock would hold more than `details.limit`. Add less.",
    "COUPON_NOT_FOUND": "There is no such coupon. Check `details.couponId`.",
    "USER_COUPON_NOT_FOUND": "The caller holds no such coupon. Take an id from `coupons.mine`.",
    "COUPON_NOT_STARTED": "It can be claimed from `details.startsAt` on. Wait.",
    "COUPON_EXPIRED": "It ended at `details.expiresAt`. Go on without it.",
    "COUPON_EXHAUSTED": "All `details.totalQuantity` are claimed. Go on without it.",
    "COUPON_ALREADY_CLAIMED": "The caller has it: `details.userCouponId`. Use that one.",
    "COUPON_ALREADY_USED": "It was used at `details.usedAt`. Go on without it.",
    "COUPON_REVOKED": "An admin took it back at `details.revokedAt`. Go on without it.",
    "COUPON_QUANTITY_BELOW_ISSUED": "`details.issuedQuantity` of it are issued. Name at least that many.",
    "COUPON_MINIMUM_NOT_MET": "The order must total `details.minOrderAmount`. Add to the order.",
    "ENDPOINT_URL_REFUSED": "The URL leads to an address that is not public. Register a public one.",
    "ENDPOINT_NOT_FOUND": "There is no such endpoint. Check `details.endpointId`.",
    "EVENT_NOT_FOUND": "No such event has been published. Check `details.eventId`.",
    "CART_EMPTY": "There is nothing to order. Fill the cart.",
    "CART_ITEM_NOT_FOUND": "The product is not in the cart. Read the cart again.",
    "CART_LINES_LIMIT": "A cart holds `details.limit` lines. Order in two parts.",
    "CART_QUANTITY_LIMIT": "A line holds `details.limit` pieces. Order in two parts.",
    "ORDER_NOT_FOUND": "The caller has no such order. Check `details.orderId`.",
    "ORDER_TOTAL_CHANGED": "The order totals `details.totalAmount` now. Show the new total, ask again.",
    "POINTS_EXCEED_PAYABLE": "Only `details.payable` is left to pay. Use fewer points.",
    "ORDER_NOT_REFUNDABLE": "Nothing was paid, or nothing of it is left. Read the order again.",
    "REFUND_EXCEEDS_ORDER": "`details.refundable` pieces can still go back. Refund fewer.",
    "ORDER_NOT_WAITING": "It is `details.status`, or its time is over. Read the order again.",
    "PAYMENT_METHOD_UNKNOWN": "The shop has no provider `details.method`. Offer another way to pay.",
    "PAYMENT_IN_PROGRESS": "`details.paymentId` is under way. Wait for how it ends.",
    "WEBHOOK_REFUSED": "A provider's message is not to be trusted. Check the provider's secret."
  }
};
