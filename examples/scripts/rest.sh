#!/usr/bin/env bash
# A customer's way through the shop with nothing but curl. `pnpm example rest` says where the shop is and who calls;
# by hand: BAGUNI_URL=http://127.0.0.1:3000 ADMIN_KEY=bgn_… CUSTOMER_TOKEN=… bash examples/scripts/rest.sh
set -euo pipefail

: "${BAGUNI_URL:?}" "${ADMIN_KEY:?}" "${CUSTOMER_TOKEN:?}"

# call <who> <method> <path> [<body>] [<idempotency key>]: prints the answer; a refusal ends the script.
call() {
  local token=$CUSTOMER_TOKEN
  [ "$1" = admin ] && token=$ADMIN_KEY
  curl --silent --show-error --fail-with-body --request "$2" "$BAGUNI_URL/api$3" \
    --header "Authorization: Bearer $token" \
    ${4:+--header 'Content-Type: application/json' --data "$4"} \
    ${5:+--header "Idempotency-Key: $5"}
}

# first <field>: the first whole number of that name in the JSON that comes in.
first() { grep --only-matching "\"$1\":[0-9]*" | sed -n '1s/.*://p'; }

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "The first two products of ${BAGUNI_URL}/api/products"
call customer GET '/products?limit=2&inStock=true'

say 'A product of our own, added by an admin'
product=$(call admin POST /products '{"name":"Hallabong, 3 kg","price":24000,"quantity":50}' | first id)
echo "product $product"

lines="{\"items\":[{\"productId\":$product,\"quantity\":2}]}"

say 'What two of it would cost'
call customer POST /orders/quote "$lines"

say 'An order, sent twice under one key: it is placed once'
key="rest-example-$(date +%s)-$$"
order=$(call customer POST /orders "$lines" "$key" | first id)
again=$(call customer POST /orders "$lines" "$key" | first id)
echo "order $order, and again order $again"
[ "$order" = "$again" ]

say 'It is paid'
call customer POST "/orders/$order/payments" '{"method":"test"}' "$key-pay"

say 'One piece goes back'
call admin POST "/orders/$order/refunds" "{\"items\":[{\"productId\":$product,\"quantity\":1}],\"reason\":\"Arrived broken\"}" "$key-refund"

say 'More than there is: a refusal is a problem document'
refusal=$(curl --silent --write-out '\n%{http_code}' --request POST "$BAGUNI_URL/api/orders" \
  --header "Authorization: Bearer $CUSTOMER_TOKEN" --header 'Content-Type: application/json' \
  --data "{\"items\":[{\"productId\":$product,\"quantity\":1000}]}")
echo "$refusal"
[ "${refusal##*$'\n'}" = 409 ]

say "All of it, to read and to try: $BAGUNI_URL/docs"
